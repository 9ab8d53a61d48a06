"""`truss schema`: JSON Schema and OpenAPI of a model's input and output, from its annotations.

The annotations are read from source by `static`, without running any code of the truss.
"""
