"""What of config.yaml an environment on this machine cannot be."""

from collections.abc import Iterator

from truss_cli.project import Truss

_MOST_NAMED = 5


def unreproduced(truss: Truss) -> list[str]:
    """Return, in words, what is not reproduced; nothing if all is."""
    return list(_unreproduced(truss))


def _unreproduced(truss: Truss) -> Iterator[str]:
    values = truss.values
    if values.get("base_image"):
        yield "base_image, with its Python and what is installed in it"
    for key in ("system_packages", "build_commands", "external_data"):
        listed = values.get(key)
        if isinstance(listed, list) and listed:
            yield f"{key} ({_few(listed)})" if key == "system_packages" else key
    for key in ("model_cache", "weights"):
        if values.get(key):
            yield key
    accelerator = wanted_gpu(truss)
    if accelerator is not None:
        yield f"the GPU ({accelerator}) with its CUDA"


def wanted_gpu(truss: Truss) -> str | None:
    """Return the accelerator that config.yaml names, without its count."""
    resources = truss.values.get("resources")
    named = resources.get("accelerator") if isinstance(resources, dict) else None
    return named.partition(":")[0].strip() or None if isinstance(named, str) else None


def _few(listed: list[object]) -> str:
    shown = ", ".join(map(str, listed[:_MOST_NAMED]))
    return f"{shown}, ..." if len(listed) > _MOST_NAMED else shown
