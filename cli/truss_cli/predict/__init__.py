"""`truss predict`: load a model as the server would, call it once, print what the server would answer.

The model runs in a child process. Its parent holds the deadlines and Ctrl-C, so
that they hold even when the model's code is stuck in C, and ends all that the
model has started.
"""
