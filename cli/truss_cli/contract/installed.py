"""Modules that are always importable on the server, and are found before those of the truss's packages."""

import sys

_OF_THE_SERVER = """
aiofiles aiohttp anyio attr attrs certifi charset_normalizer click cloudpickle dateutil fastapi google grpc
h11 httpcore httpx idna joblib loguru msgpack multidict numpy opentelemetry packaging pip pkg_resources
prometheus_client pydantic pydantic_core pythonjsonlogger requests setuptools starlette typing_extensions
psutil urllib3 uvicorn uvloop websockets yaml yarl
"""
"""What the server itself requires, so that the model can import it."""

ALWAYS_INSTALLED = sys.stdlib_module_names | {*_OF_THE_SERVER.split()}
"""Python's own modules, and those that the server requires."""
