"""TRS605: the pinned torch is not built for the accelerator."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from truss_cli.check.facts.requirements import NamedRequirement, named_requirements
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding
from truss_cli.environment.unreproduced import wanted_gpu
from truss_cli.project import CONFIG_NAME


class _Generation(NamedTuple):
    """The first CUDA that knows a generation of GPUs, and the first torch that is built with it."""

    cuda: tuple[int, int]
    torch: tuple[int, int]


# "PyTorch CUDA Support Matrix" in RELEASE.md of the repository pytorch/pytorch: compute capability 9.0 comes
# with CUDA 11.8 in 2.0, and 10.0 and 12.0 with CUDA 12.8 in 2.7. Also its issues 90761 and 147383.
_HOPPER, _BLACKWELL = _Generation((11, 8), (2, 0)), _Generation((12, 8), (2, 7))
_GENERATIONS = {
    "H100": _HOPPER,
    "H100_40GB": _HOPPER,
    "H200": _HOPPER,
    "B200": _BLACKWELL,
    "B300": _BLACKWELL,
    "GB300": _BLACKWELL,
    "RTX_PRO_6000": _BLACKWELL,
}
# "Release Compatibility Matrix" there: the CUDA of the wheels on PyPI, by the first torch that has it.
_CUDA_ON_PYPI = (
    ((2, 8), (12, 8)),
    ((2, 7), (12, 6)),
    ((2, 5), (12, 4)),
    ((2, 1), (12, 1)),
    ((1, 13), (11, 7)),
    ((0, 0), (10, 2)),
)
_PIN = re.compile(r"===?(\d+)\.(\d+)(?:\.\d+)*(?:\+(\w+))?")
_CUDA_TAG = re.compile(r"\bcu(\d\d)(\d)\b")
_PLACES = ("--index-url", "--extra-index-url", "--find-links", "-i ", "-f ")


def _find(facts: TrussFacts) -> Iterator[Finding]:
    accelerator = wanted_gpu(facts.truss)
    generation = _GENERATIONS.get(accelerator or "")
    if generation is None or facts.truss.values.get("base_image") or facts.truss.values.get("build_commands"):
        return
    requirements = facts.analysis(named_requirements)
    for one in requirements:
        pin = _PIN.fullmatch(one.version) if one.name == "torch" else None
        if pin is None:
            continue
        torch, cuda = (int(pin[1]), int(pin[2])), _cuda(pin, requirements)
        if torch < generation.torch or (cuda is not None and cuda < generation.cuda):
            built = f", built with CUDA {_dotted(cuda)}," if cuda else ""
            message = f"`{one.text}`{built} does not know the GPU that is asked for, {accelerator}"
            needed = f"torch {_dotted(generation.torch)} with CUDA {_dotted(generation.cuda)}"
            yield Finding(one.source.path, one.span, message, f"Take {needed}, or newer.")


def _cuda(pin: re.Match[str], requirements: tuple[NamedRequirement, ...]) -> tuple[int, int] | None:
    """Return the CUDA that the pinned torch is built with; None if that is not known."""
    places = [one.text for one in requirements if one.text.startswith(_PLACES)]
    tags = [match for text in (f"+{pin[3]}", *places) for match in [_CUDA_TAG.search(text)] if match]
    if tags:
        return int(tags[0][1]), int(tags[0][2])
    if pin[3] or places:
        return None
    torch = (int(pin[1]), int(pin[2]))
    return next(cuda for first, cuda in _CUDA_ON_PYPI if torch >= first)


def _dotted(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))


TORCH_ACCELERATOR = Rule(
    code="TRS605",
    name="torch-accelerator",
    severity=Severity.WARNING,
    summary="The pinned torch is not built for the accelerator",
    explanation="""\
The wheels of torch hold code for the GPUs that their CUDA knows. H100 and H200 need torch
2.0 with CUDA 11.8, or newer; B200, B300 and RTX PRO 6000 need torch 2.7 with CUDA 12.8.
With older ones each call on the GPU fails: no kernel image is available.

Pin a newer torch, or one for a newer CUDA, such as `torch==2.7.0+cu128` with its index.""",
    find=_find,
    good=(
        "requirements: [torch==2.1.0]\nresources: {accelerator: H100}\n",
        "requirements: ['torch==2.0.1+cu118']\nresources: {accelerator: H100}\n",
        "requirements: [torch==2.8.0]\nresources: {accelerator: B200}\n",
        "requirements: [torch==2.0.1]\nresources: {accelerator: A100}\n",
    ),
    bad=(
        "requirements: [torch==2.0.1]\nresources: {accelerator: H100}\n",
        "requirements: [torch==2.7.1]\nresources: {accelerator: 'B200:2'}\n",
    ),
    example_file=CONFIG_NAME,
)
