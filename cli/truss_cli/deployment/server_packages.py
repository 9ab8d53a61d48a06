"""The packages that the model server requires, and its bounds on the requirements of a truss.

Read from `truss/templates/server/requirements.txt` and `constraints.txt` of the PyPI package `truss`,
which builds the images. `make compare` reports the differences of another release.
"""

RELEASE = "0.18.36"

REQUIREMENTS = """\
aiocontextvars==0.2.2
aiofiles>=24.1.0
aiohttp>=3.10.11
certifi>=2026.10.19
cython==3.0.5
fastapi>=0.114,<0.125.0
joblib>=1.2.0
loguru>=0.7.2
msgpack-numpy==0.4.8
msgpack==1.1.0
numpy>=1.23.5,<2.0
opentelemetry-api>=1.25.0
opentelemetry-exporter-otlp>=1.25.0
opentelemetry-sdk>=1.25.0
prometheus-client>=0.21.1
psutil>=5.9.4
python-json-logger>=2.0.2
pyyaml>=6.0.0
requests>=2.31.0
truss-transfer>=0.0.40,<0.0.45
uvicorn>=0.24.0
uvloop>=0.19.0
websockets>=10.0
"""
"""Installed except for packages that the truss requires itself."""

CONSTRAINTS = """\
aiocontextvars==0.2.2
aiofiles>=24.1.0
aiohttp>=3.10.11
cython==3.0.5
fastapi>=0.114,<0.137.0
joblib>=1.2.0
loguru>=0.7.2
msgpack-numpy==0.4.8
msgpack==1.1.0
numpy>=1.23.5,<3.0
opentelemetry-api>=1.25.0
opentelemetry-exporter-otlp>=1.25.0
opentelemetry-sdk>=1.25.0
prometheus-client>=0.21.1
psutil>=5.9.4
python-json-logger>=2.0.2
pyyaml>=6.0.0
requests>=2.31.0
truss-transfer>=0.0.42,<0.0.47
uvicorn>=0.24.0
uvloop>=0.19.0
websockets>=10.0
"""
"""Bounds that also apply to the requirements of the truss."""
