"""`truss serve`: the deployed routes on this machine, answered by the model in a process of its own.

The supervisor binds the socket and hands it to the worker it forks, so that on
a change a new worker can load beside the one that serves, and take its place.
"""
