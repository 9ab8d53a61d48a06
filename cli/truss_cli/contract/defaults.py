"""What holds where config.yaml does not say otherwise, and the units it counts in."""

MODEL_FOLDER = "model"
MODEL_FILE = "model.py"
MODEL_CLASS = "Model"
PACKAGES_FOLDER = "packages"
DATA_FOLDER = "data"
PYTHON_VERSION = "py313"

LOAD_TIMEOUT_SECONDS = 30 * 60
"""How long `load` may take before the deployment counts as failed."""
LOAD_RETRY_SECONDS = 1.0
"""How long the server waits before it tries a `load` that failed once more."""
STREAM_GAP_SECONDS = 60
"""How long the server waits for a stream's next chunk (`runtime.streaming_read_timeout`)."""
PREDICT_CONCURRENCY = 1
"""How many calls of `predict` the server runs at once (`runtime.predict_concurrency`)."""

MEMORY_UNITS = {
    **{unit: 1000**power for power, unit in enumerate(("k", "M", "G", "T", "P", "E"), 1)},
    **{unit: 1024**power for power, unit in enumerate(("Ki", "Mi", "Gi", "Ti", "Pi", "Ei"), 1)},
}
"""Units of `resources.memory`, in bytes."""
MILLI_CPU = "m"
"""Unit of `resources.cpu`: a thousandth of a core."""
