"""Popular packages: the modules they provide, and the packages they bring.

The dependencies are wider than any one release requires, because only packages that are never installed
matter: a check that reports a missing package must not report one that may be there.
"""

from __future__ import annotations

import re

_MODULES = {
    "beautifulsoup4": "bs4",
    "faiss-cpu": "faiss",
    "faiss-gpu": "faiss",
    "huggingface-hub": "huggingface_hub",
    "opencv-contrib-python": "cv2",
    "opencv-contrib-python-headless": "cv2",
    "opencv-python": "cv2",
    "opencv-python-headless": "cv2",
    "pillow": "PIL",
    "protobuf": "google",
    "pydub": "pydub audioop pyaudioop",
    "pytorch-lightning": "pytorch_lightning",
    "pyyaml": "yaml",
    "python-dateutil": "dateutil",
    "python-dotenv": "dotenv",
    "pytz": "pytz",
    "scikit-image": "skimage",
    "scikit-learn": "sklearn",
    "torch": "torch torchgen functorch",
    "matplotlib": "matplotlib mpl_toolkits pylab",
    "tensorflow": "tensorflow keras tensorboard",
    "tqdm": "tqdm",
    "xgboost": "xgboost",
}
"""Modules of the distributions whose names differ from their modules."""
_TORCH = (
    "torch numpy filelock fsspec jinja2 markupsafe mpmath networkx nvidia sympy triton pytorch-triton lit"
)
_HUB = "huggingface-hub hf-xet httpx filelock fsspec tqdm shellingham typer rich pygments mdurl"
_TRANSFORMERS = f"transformers tokenizers safetensors regex numpy {_HUB}"
_PANDAS = "pandas numpy python-dateutil pytz tzdata six"
_SKLEARN = "scikit-learn scipy numpy joblib threadpoolctl"
_BRINGS = {
    "accelerate": f"{_TORCH} {_HUB} safetensors psutil numpy",
    "beautifulsoup4": "soupsieve",
    "einops": "",
    "ftfy": "wcwidth",
    "huggingface-hub": _HUB,
    "joblib": "",
    "lightgbm": f"{_SKLEARN} wheel",
    "numpy": "",
    "opencv-python": "numpy",
    "opencv-python-headless": "numpy",
    "pandas": _PANDAS,
    "pillow": "",
    "protobuf": "",
    "pydantic": "",
    "python-dotenv": "",
    "pyyaml": "",
    "requests": "",
    "safetensors": "",
    "scikit-learn": _SKLEARN,
    "scipy": "numpy",
    "sentence-transformers": f"{_TRANSFORMERS} {_TORCH} {_SKLEARN} torchvision pillow nltk click",
    "sentencepiece": "protobuf",
    "tiktoken": "regex requests",
    "tokenizers": _HUB,
    "torch": _TORCH,
    "torchaudio": f"{_TORCH} torchcodec",
    "torchvision": f"{_TORCH} pillow",
    "tqdm": "",
    "transformers": _TRANSFORMERS,
    "xgboost": f"{_SKLEARN} nvidia",
}
"""Distributions that requiring one may also install, next to the packages of the server."""


def modules_of(requirement: str) -> frozenset[str] | None:
    """Return the top-level modules that requiring a distribution may install; None if they are not known."""
    brought_names = _BRINGS.get(requirement)
    if brought_names is None:
        return None
    names = [requirement, *brought_names.split()]
    return frozenset(module for name in names for module in _modules(name))


def distributions_of(module: str) -> tuple[str, ...]:
    """Return the popular distributions that provide a module, the usual one last; empty if unknown."""
    names = [name for name in {**_MODULES, **_BRINGS} if module in _modules(name)]
    return tuple(sorted(names, key=lambda name: name in _BRINGS))


def _modules(distribution: str) -> list[str]:
    return _MODULES.get(distribution, re.sub("-", "_", distribution)).split()
