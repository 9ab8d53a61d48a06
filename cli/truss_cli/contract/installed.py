"""Modules that are always importable on the server, and are found before those of the truss's packages."""

import sys

_OF_THE_SERVER = """
aiofiles aiohttp anyio attr attrs certifi charset_normalizer click cloudpickle dateutil fastapi google grpc
h11 httpcore httpx idna joblib loguru msgpack multidict numpy opentelemetry packaging pip pkg_resources
prometheus_client pydantic pydantic_core pythonjsonlogger requests setuptools starlette typing_extensions
psutil urllib3 uvicorn uvloop websockets yaml yarl
"""
"""What the server itself requires, so that the model can import it."""
_DISTRIBUTIONS = {
    "attr": "attrs",
    "dateutil": "python-dateutil",
    "google": "googleapis-common-protos",
    "grpc": "grpcio",
    "opentelemetry": "opentelemetry-api",
    "pkg_resources": "setuptools",
    "pythonjsonlogger": "python-json-logger",
    "yaml": "pyyaml",
}
"""Names of distributions that differ from those of their modules."""

_OF_OTHER_PYTHONS = """
aifc annotationlib asynchat asyncore audioop binhex cgi cgitb chunk compression crypt distutils
dummy_threading formatter imghdr imp lib2to3 mailcap msilib nis nntplib ossaudiodev parser pipes smtpd
sndhdr spwd sunau symbol telnetlib tomllib uu xdrlib zoneinfo
"""
"""Modules that one Python from 3.8 to 3.14 has and another lacks."""
_OF_THE_IMAGE = """
_distutils_hack _truss_common main model_wrapper pip pkg_resources setuptools shared truss truss_chains
truss_server wheel
"""
"""What lies in the image without being required: the server's own files, and what comes with its Python."""
_OF_DEPENDENCIES = """
_cffi_backend _yaml aiocontextvars aiohappyeyeballs aiosignal annotated_doc annotated_types async_timeout
backports contextvars cython Cython deprecated dotenv exceptiongroup frozenlist httptools importlib_metadata
msgpack_numpy propcache pyximport six sniffio tomli truss_transfer typing_inspection watchfiles wrapt zipp
"""
"""Modules of packages that the server's packages require, in one of their releases at least."""

MAY_BE_INSTALLED = sys.stdlib_module_names | {
    *f"{_OF_OTHER_PYTHONS}{_OF_THE_IMAGE}{_OF_DEPENDENCIES}".split()
}
"""Modules that a deployed model may import without a requirement, whichever Python it has."""
SERVER_DISTRIBUTIONS = {
    name: _DISTRIBUTIONS.get(name, name.replace("_", "-")) for name in _OF_THE_SERVER.split()
}
"""Modules that the server brings, with the distributions that provide them."""
ALWAYS_INSTALLED = sys.stdlib_module_names | {*_OF_THE_SERVER.split()}
"""Python's own modules, and those that the server requires."""
