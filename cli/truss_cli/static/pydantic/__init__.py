"""Rebuilding of Pydantic models, dataclasses, TypedDicts and enumerations from source, without running it.

Pydantic itself derives schemas from the rebuilt types and validates values against them. Parts that only
running the code would reveal become `typing.Any`, which accepts every value.
"""
