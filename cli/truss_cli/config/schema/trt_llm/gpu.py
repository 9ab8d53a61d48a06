"""What an accelerator can do for TensorRT-LLM."""

from collections.abc import Iterator
from math import prod

from truss_cli.config.fields.section import SectionFault, Values, mapping

_TOO_OLD = ("T4", "V100")
_NO_FP8 = ("A10G", "A100", "A100_40GB", *_TOO_OLD)
_NO_FP4 = ("L4", "L40S", "H100", "H100_40GB", "H200", *_NO_FP8)
_PARALLEL = ("tensor_parallel_count", "pipeline_parallel_count", "sequence_parallel_count")


def gpu_breaches(build: Values, root: Values, *, first_stack: bool) -> Iterator[SectionFault]:
    """Find an engine that the accelerator of `resources` cannot run, or that does not fill its GPUs."""
    name, count = _accelerator(root)
    model = build.get("base_model")
    quantization = str(build.get("quantization_type"))
    path = ("build", "quantization_type")
    if name in _TOO_OLD and model != "encoder_bert":
        message = f"TensorRT-LLM does not run on {name}"
        yield SectionFault((), message, "Choose A10G, A100 or a newer accelerator.", key=True)
    elif quantization.startswith("fp8") and name in _NO_FP8:
        message = f"{name} cannot compute with {quantization}"
        yield SectionFault(path, message, "Choose L4, H100 or a newer accelerator, or another quantization.")
    elif quantization.startswith("fp4") and name in _NO_FP4:
        message = f"{name} cannot compute with {quantization}"
        yield SectionFault(path, message, "Choose B200 or a newer accelerator, or another quantization.")
    if not first_stack or model in ("encoder", "encoder_bert"):
        return
    sizes = [build.get(key, 1) for key in _PARALLEL]
    if count is not None and all(isinstance(size, int) for size in sizes):
        world = prod(size for size in sizes if isinstance(size, int))
        if world != count:
            given = next((key for key in _PARALLEL if key in build), None)
            message = f"the model is spread over {world} GPUs, but `resources.accelerator` has {count}"
            yield SectionFault(
                ("build", given) if given else ("build",),
                message,
                f"Write `tensor_parallel_count: {count}`, or change the accelerator.",
                key=given is None,
            )


def _accelerator(root: Values) -> tuple[str | None, int | None]:
    """Return the accelerator's name and count; a count of None is not known."""
    value = mapping(root.get("resources")).get("accelerator")
    if isinstance(value, dict):
        name, count = value.get("accelerator"), value.get("count", 1)
        return (name if isinstance(name, str) else None), (count if isinstance(count, int) else None)
    if not isinstance(value, str):
        return None, 1
    name, _, rest = value.strip().partition(":")
    digits = rest.split(":")[0]
    return name, (int(digits) if digits.isdecimal() else None if digits else 1)
