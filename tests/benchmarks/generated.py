"""Trusses by the number: each a working model of a hundred lines, no two alike."""

from pathlib import Path

_METHODS = 2
_MODEL = '''\
"""Model {number}: labels texts, and remembers what it has seen."""

import json
import logging
import os
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

logger = logging.getLogger(__name__)
LABELS_{number} = ["negative", "neutral", "positive"]
DEFAULTS: dict[str, Any] = {{"threshold": 0.{number}, "batch_size": 8, "device": "cpu"}}


class Request{number}(BaseModel):
    """What a caller sends."""

    texts: list[str]
    threshold: float = 0.5
    metadata: dict[str, str] | None = None


@dataclass
class Seen{number}:
    """A text that was labelled before."""

    text: str
    label: str
    score: float

    def shown(self) -> dict[str, Any]:
        return {{"text": self.text, "label": self.label, "score": round(self.score, 4)}}


class Model:
    """Made once; `load` reads the weights, `predict` answers."""

    def __init__(self, **kwargs: Any) -> None:
        self._config = kwargs["config"]
        self._data_dir = kwargs.get("data_dir", "data")
        self._secrets = kwargs.get("secrets")
        self._settings = dict(DEFAULTS)
        self._weights: dict[str, float] = {{}}
        self._seen: list[Seen{number}] = []

    def load(self) -> None:
        path = os.path.join(str(self._data_dir), "weights.json")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                self._weights = json.load(file)
        else:
            logger.warning("there is no %s; every text is neutral", path)
        for key, value in self._config.get("model_metadata", {{}}).items():
            if key in self._settings:
                self._settings[key] = value

    def preprocess(self, model_input: dict[str, Any]) -> dict[str, Any]:
        texts = model_input.get("texts") or [model_input.get("text", "")]
        return {{"texts": [str(text).strip().lower() for text in texts], "threshold": 0.5}}

    def predict(self, model_input: dict[str, Any]) -> dict[str, Any]:
        results = []
        for text in model_input["texts"]:
            score = sum(self._weights.get(word, 0.0) for word in text.split())
            label = self._label(score, model_input["threshold"])
            self._seen.append(Seen{number}(text, label, score))
            results.append({{"label": label, "score": score, "text": text}})
        return {{"results": results, "count": len(results), "model": "{number}"}}

    def postprocess(self, result: dict[str, Any]) -> dict[str, Any]:
        result["summary"] = ", ".join(item["label"] for item in result["results"])
        return result

    def _label(self, score: float, threshold: float) -> str:
        if score > threshold:
            return LABELS_{number}[2]
        return LABELS_{number}[0] if score < -threshold else LABELS_{number}[1]
{methods}'''
_METHOD = '''
    def _feature_{index}(self, text: str, scale: float = {index}.0) -> list[float]:
        """Feature {index} of a text."""
        words = [word for word in text.split() if len(word) > {index}]
        try:
            values = [scale * len(word) / max(len(text), 1) for word in words]
        except (TypeError, ZeroDivisionError) as error:
            logger.error("feature {index}: %s", error)
            return []
        total = sum(values)
        return [value / total for value in values] if total else values
'''
_CONFIG = """\
model_name: Labeller {number}
description: Labels texts by the words in them.
python_version: py312
model_metadata:
  example_model_input: {{texts: [a good day, a bad day]}}
  tags: [text-classification, example-{number}]
requirements:
- numpy==2.1.{number}
- pydantic>=2.6
- requests~=2.32
system_packages: [ffmpeg]
environment_variables:
  LOG_LEVEL: info
  BATCH_SIZE: "8"
secrets:
  hf_access_token: null
resources:
  cpu: "2"
  memory: 4Gi
  accelerator: L4
  use_gpu: true
runtime:
  predict_concurrency: 4
"""


def generate(folder: Path, count: int) -> list[Path]:
    """Write trusses into a folder; gives the files that a check must read."""
    files: list[Path] = []
    for number in range(count):
        truss = folder / f"truss-{number:03}"
        (truss / "model").mkdir(parents=True)
        (truss / "model" / "__init__.py").touch()
        config, model = truss / "config.yaml", truss / "model" / "model.py"
        methods = "".join(_METHOD.format(index=index) for index in range(1, _METHODS + 1))
        config.write_text(_CONFIG.format(number=number), encoding="utf-8")
        model.write_text(_MODEL.format(number=number, methods=methods), encoding="utf-8")
        files += [config, model]
    return files
