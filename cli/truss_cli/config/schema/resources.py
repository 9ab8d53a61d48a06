"""`resources`: the machine that a model is served on."""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from truss_cli.config.fields.section import RefusedValueError, Section, SectionFault, Spelling, Values
from truss_cli.config.finding import Problem
from truss_cli.contract.defaults import MEMORY_UNITS, MILLI_CPU

Accelerator = Literal[
    "B10", "T4", "L4", "A10G", "V100", "A100", "A100_40GB", "H100", "H200", "H100_40GB", "B200", "L40S",
    "RTX_PRO_6000", "B300", "GB300",
]  # fmt: skip
ACCELERATORS: tuple[str, ...] = Accelerator.__args__  # type: ignore[attr-defined]  # a Literal's values

_UNIT = "|".join(MEMORY_UNITS)
_MEMORY = re.compile(rf"[0-9.]*({_UNIT})")
_MILLI_CPU = re.compile(rf"[0-9.]*{MILLI_CPU}")
# What Python's float() takes, but for infinities, for editors.
_NUMBER = r"\s*[-+]?([0-9][0-9_]*\.?[0-9_]*|\.[0-9]+)([eE][-+]?[0-9]+)?\s*|[-+]?(nan|inf)"
_AMOUNT_OF_MEMORY = rf"^([0-9.]*({_UNIT})|{_NUMBER})$"
_AMOUNT_OF_CPU = rf"^([0-9.]*m|{_NUMBER})$"
_NAME_AND_COUNT = rf"^\s*({'|'.join(ACCELERATORS)})(:0*[1-9][0-9]*(:.*)?)?\s*$"


def _cpu(text: str) -> str:
    if not (_is_number(text) or _MILLI_CPU.fullmatch(text)):
        raise RefusedValueError(
            f"`{text}` is not a number of CPUs", 'Write a number such as `"4"`, or thousandths as `"500m"`.'
        )
    return text


def _memory(text: str) -> str:
    if not (_is_number(text) or _MEMORY.fullmatch(text)):
        raise RefusedValueError(
            f"`{text}` is not an amount of memory",
            f"Write a number and a unit without a space, such as `16Gi`. Units: {', '.join(MEMORY_UNITS)}.",
        )
    return text


def _accelerator(text: str) -> str:
    name, *count = text.strip().split(":")
    if not name:
        raise RefusedValueError(
            "the accelerator has no name", f"Write one of {', '.join(ACCELERATORS)}, or remove the key."
        )
    if name not in ACCELERATORS:
        raise RefusedValueError(f"there is no accelerator `{name}`", _nearest_accelerator(name))
    if count and not (count[0].isdecimal() and int(count[0]) > 0):
        raise RefusedValueError(
            f"`{count[0]}` is not a number of accelerators", f'Write a positive number: `"{name}:2"`.'
        )
    return f"{name}:{int(count[0])}" if count and int(count[0]) > 1 else name


def _nearest_accelerator(name: str) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only for a finding

    near = get_close_matches(name.upper().replace("-", "_"), ACCELERATORS, n=1, cutoff=0.5)
    known = f"Known are {', '.join(ACCELERATORS)}."
    return f"Did you mean `{near[0]}`? {known}" if near else known


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


class AcceleratorSpec(Section):
    """An accelerator written as a mapping."""

    passes_unknown: ClassVar[bool] = True

    accelerator: Annotated[Accelerator | None, Field(description="Name of the GPU.")] = None
    count: Annotated[int, Field(ge=0, description="Number of GPUs.")] = 1


class Fabric(Section):
    """Network between the nodes of one replica."""

    use_rdma: Annotated[bool | None, Field(description="Whether nodes must reach each other by RDMA.")] = None
    preferences: Annotated[list[str] | None, Field(description="Kinds of network, the preferred first.")] = (
        None
    )

    @classmethod
    def deployed(cls, filled: dict[str, object]) -> dict[str, object]:
        """Leave out what is not set."""
        return {key: value for key, value in filled.items() if value is not None}


class Resources(Section):
    """CPU, memory and accelerators of one replica."""

    refused_keys: ClassVar[Mapping[str, str]] = {
        "gpu": "Name the GPU: `accelerator: L4`.",
        "gpus": 'Give the GPU and its count: `accelerator: "L4:2"`.',
        "gpu_count": 'Give the GPU and its count: `accelerator: "L4:2"`.',
        "accelerator_count": 'Give the count with the GPU: `accelerator: "L4:2"`.',
    }

    cpu: Annotated[
        str,
        AfterValidator(_cpu),
        Field(
            description='CPUs as a string: "4", or thousandths as "500m".',
            json_schema_extra={"pattern": _AMOUNT_OF_CPU},
        ),
    ] = "1"
    memory: Annotated[
        str,
        Spelling("{}Gi".format),
        AfterValidator(_memory),
        Field(
            description='Memory with its unit: "16Gi".',
            json_schema_extra={"pattern": _AMOUNT_OF_MEMORY},
        ),
    ] = "2Gi"
    accelerator: Annotated[
        Annotated[
            str,
            AfterValidator(_accelerator),
            Field(json_schema_extra={"pattern": _NAME_AND_COUNT}),
        ]
        | AcceleratorSpec
        | None,
        Field(description='GPU by its name, with a count after a colon if more than one: "A100:2".'),
    ] = None
    instance_type: Annotated[
        str | None,
        Field(description="Name of a machine type; takes the place of cpu, memory and accelerator."),
    ] = None
    node_count: Annotated[int | None, Field(strict=True, ge=1, description="Machines of one replica.")] = None
    fabric: Annotated[Fabric | None, Field(description="Network between the machines of one replica.")] = None
    use_gpu: Annotated[
        object, Field(description="Ignored: whether there is a GPU follows from `accelerator`.")
    ] = None

    @classmethod
    def deployed(cls, filled: dict[str, object]) -> dict[str, object]:
        """Write the accelerator as a name with a count, derive `use_gpu`, and leave out what is not set."""
        spec = filled["accelerator"]
        if isinstance(spec, dict):
            name, count = spec.get("accelerator"), spec.get("count")
            filled["accelerator"] = (
                f"{name}:{count}" if name and isinstance(count, int) and count > 1 else name
            )
        filled["use_gpu"] = filled["accelerator"] is not None
        optional = ("instance_type", "node_count", "fabric")
        return {key: value for key, value in filled.items() if key not in optional or value is not None}

    @classmethod
    def breaches(cls, values: Values, root: Values) -> Iterator[SectionFault]:
        """Find amounts that are accepted but cannot be meant."""
        del root
        for key in ("cpu", "memory"):
            text = values.get(key)
            if isinstance(text, str) and text and not _is_positive_amount(text):
                example = '"4"' if key == "cpu" else "16Gi"
                advice = f"Write an amount such as `{example}`."
                yield SectionFault(
                    (key,), f"`{text}` is not an amount above zero", advice, Problem.SUSPECT_VALUE
                )
        use_gpu, accelerator = values.get("use_gpu"), values.get("accelerator")
        if use_gpu is True and not accelerator and not values.get("instance_type"):
            message = "`use_gpu` is ignored, and without `accelerator` there is no GPU"
            yield SectionFault(
                ("use_gpu",), message, "Name one: `accelerator: L4`.", Problem.SUSPECT_VALUE, key=True
            )
        elif use_gpu is not None and not isinstance(use_gpu, bool):
            message = "`use_gpu` is neither true nor false, and is ignored"
            yield SectionFault(("use_gpu",), message, "Remove it.", Problem.SUSPECT_VALUE)
        if isinstance(accelerator, str) and accelerator.count(":") > 1:
            message = f"`{accelerator}`: what follows the count is ignored"
            yield SectionFault(
                ("accelerator",), message, "Write the name and one count.", Problem.SUSPECT_VALUE
            )


def _is_positive_amount(text: str) -> bool:
    number = text.rstrip("".join(MEMORY_UNITS) + MILLI_CPU)
    if not _is_number(number):
        return False
    return float(number) > 0 and math.isfinite(float(number))
