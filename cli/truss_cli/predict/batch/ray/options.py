"""What Ray is asked for: workers, and on a cluster what each needs and what is shipped to it."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from truss_cli.contract.defaults import MEMORY_UNITS, MILLI_CPU
from truss_cli.errors import TrussError
from truss_cli.packages import require_extra
from truss_cli.predict.options import PredictOptions
from truss_cli.project import Truss

_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*([A-Za-z]*)")


class RayOptions(NamedTuple):
    """How many workers, where, and what each needs."""

    workers: int
    address: str | None
    resources: Mapping[str, float | str]
    """Options of an actor, such as `num_gpus`."""
    runtime_env: Mapping[str, object]
    """What is shipped to a cluster."""


def ray_options(options: PredictOptions, truss: Truss) -> RayOptions:
    """Return what the command line and config.yaml ask of Ray; raise TrussError if it is not installed."""
    require_extra("ray", "`--engine ray`")
    if options.ray_address is None:
        return RayOptions(options.workers, None, {"num_cpus": 1}, {})
    return RayOptions(options.workers, options.ray_address, _resources(truss), _shipped(truss))


def _resources(truss: Truss) -> dict[str, float | str]:
    """Turn `resources` of config.yaml into what Ray schedules by."""
    section = truss.values.get("resources")
    values = section if isinstance(section, dict) else {}
    found: dict[str, float | str] = {"num_cpus": 1}
    cpu = _amount(values.get("cpu"), {MILLI_CPU: 0.001})
    if cpu is not None:
        found["num_cpus"] = cpu
    memory = _amount(values.get("memory"), MEMORY_UNITS)
    if memory is not None:
        found["memory"] = memory
    accelerator = values.get("accelerator")
    if accelerator:
        kind, _, count = str(accelerator).partition(":")
        found["num_gpus"] = float(count) if count.isdigit() else 1.0
        found["accelerator_type"] = kind.partition("_")[0]  # Ray knows no parts of a GPU, as in `H100_40GB`
    elif values.get("use_gpu") is True:
        found["num_gpus"] = 1.0
    return found


def _amount(value: object, units: Mapping[str, float]) -> float | None:
    """Return a number with an optional unit; None for anything else."""
    match = _AMOUNT.fullmatch(str(value))
    factor = {"": 1, **units}.get(match[2]) if match else None
    return float(match[1]) * factor if match and factor is not None else None


def _shipped(truss: Truss) -> dict[str, object]:
    """Ship the truss as the working folder, the tool, and the truss's requirements.

    Without requirements no environment is made: what the tool needs comes with its extra `ray`.
    """
    shipped: dict[str, object] = {
        "working_dir": str(truss.folder.resolve()),
        "py_modules": [str(Path(__file__).parents[3])],
    }
    wanted = _requirements(truss)
    if wanted:
        shipped["pip"] = [*wanted, "pyyaml>=6", "pydantic>=2.6"]
    return shipped


def _requirements(truss: Truss) -> list[str]:
    listed = truss.values.get("requirements")
    if isinstance(listed, list):
        return [str(text) for text in listed]
    named = truss.values.get("requirements_file")
    if not isinstance(named, str):
        return []
    try:
        lines = (truss.folder / named).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise TrussError(f"cannot read {named}, the truss's requirements: {error}") from None
    return [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]
