"""Many requests of one model: JSON Lines in, one line out for each, in their order.

An engine is one file: it takes lines, answers each with a `Recorder`, and gives the
records in order to a `Sink`.
"""
