"""TRS607: a library that needs a GPU is required, but no accelerator."""

from collections.abc import Iterator

from truss_cli.check.facts.requirements import named_requirements
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding
from truss_cli.project import CONFIG_NAME

_GPU_ONLY = frozenset(
    {
        "auto-gptq",
        "autoawq",
        "cupy-cuda11x",
        "cupy-cuda12x",
        "cupy-cuda13x",
        "exllamav2",
        "faiss-gpu",
        "faiss-gpu-cu11",
        "faiss-gpu-cu12",
        "flash-attn",
        "tensorrt",
        "tensorrt-llm",
        "vllm",
    }
)
"""Packages whose wheels compute on CUDA alone, and that nobody requires for anything else."""
_GIVES_GPU = ("accelerator", "instance_type", "use_gpu")


def _find(facts: TrussFacts) -> Iterator[Finding]:
    resources = facts.truss.values.get("resources")
    if isinstance(resources, dict) and any(resources.get(key) for key in _GIVES_GPU):
        return
    if not facts.config_is_readable or not (resources is None or isinstance(resources, dict)):
        return
    for one in facts.analysis(named_requirements):
        if one.name in _GPU_ONLY:
            message = f"`{one.name}` needs a GPU, but config.yaml names no accelerator"
            help_text = "Name one under `resources`: `accelerator: L4`."
            yield Finding(one.source.path, one.span, message, help_text)


GPU_LIBRARY = Rule(
    code="TRS607",
    name="gpu-library",
    severity=Severity.WARNING,
    summary="A library that needs a GPU is required, but no accelerator",
    explanation="""\
The library computes on a GPU alone. Without `resources.accelerator` the model is served on
a machine that has none, and fails when it loads.

Name an accelerator, or require a library that computes on the CPU.""",
    find=_find,
    good=("requirements: [vllm]\nresources: {accelerator: H100}\n", "requirements: [torch]\n"),
    bad=("requirements: [vllm==0.6.3]\n", "requirements: [flash-attn]\nresources: {cpu: '4'}\n"),
    example_file=CONFIG_NAME,
)
