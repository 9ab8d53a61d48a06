"""Trusses that the original server was asked about, to compare `truss serve` with."""

from serve.trusses import binary, inputs, results, routes, states, streams
from serve.trusses.served_truss import ServedTruss

TRUSSES = [
    value
    for module in (routes, inputs, results, streams, binary, states)
    for value in vars(module).values()
    if isinstance(value, ServedTruss)
]
