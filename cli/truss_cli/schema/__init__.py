"""`truss schema`: what a model takes and gives, as JSON Schema and as OpenAPI, from its annotations.

The types are read from source, as the check reads them, and none of the truss's code runs. Each class is
made again out of what is written in it, so that Pydantic itself says what its schema is.
"""
