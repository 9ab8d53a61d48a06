"""`trt_llm`: a language model that TensorRT-LLM serves, by the first or the second inference stack."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, ConfigDict, Field

from truss_cli.config.fields.section import RefusedValueError, Section, SectionFault, Values, mapping, truth
from truss_cli.config.finding import Problem
from truss_cli.config.schema.trt_llm.build import ENCODERS, BatchSize, TrtLlmBuild, is_encoder
from truss_cli.config.schema.trt_llm.gpu import gpu_breaches
from truss_cli.config.schema.trt_llm.runtime import PositiveInt, RuntimeV1

_FORMER_MODELS = ("palmyra", "qwen", "llama", "mistral", "deepseek")
_ROUTES = ("openai-compatible", "force-legacy-api-non-openai-compatible")

_ONLY_V1 = {
    "base_model": "decoder",
    "max_seq_len": None,
    "max_batch_size": 256,
    "max_num_tokens": 8192,
    "max_beam_width": 1,
    "max_prompt_embedding_table_size": 0,
    "gather_all_token_logits": False,
    "strongly_typed": False,
    "tensor_parallel_count": 1,
    "pipeline_parallel_count": 1,
    "moe_expert_parallel_option": -1,
    "sequence_parallel_count": 1,
    "plugin_configuration": {
        "paged_kv_cache": True,
        "use_paged_context_fmha": True,
        "use_fp8_context_fmha": False,
    },
    "speculator": None,
    "lora_adapters": None,
    "lora_configuration": None,
}
"""Keys of `build` that the second stack refuses, unless they say what holds anyway."""

_MOVED_TO_RUNTIME = {"tensor_parallel_count": "tensor_parallel_size"}


def _starts_with_digit(text: str) -> str:
    if not text[:1].isdigit():
        raise RefusedValueError(f"`{text}` is not a version", "Write a release that starts with a digit.")
    return text


_Version = Annotated[
    Annotated[str, AfterValidator(_starts_with_digit), Field(json_schema_extra={"pattern": r"^\d"})] | None,
    Field(description="Release to use instead of the newest."),
]


class VersionOverrides(Section):
    """Releases of the parts of the stack."""

    engine_builder_version: _Version = None
    briton_version: _Version = None
    bei_version: _Version = None
    bei_bert_version: _Version = None
    v2_llm_version: Annotated[str | None, Field(description="Release to use instead of the newest.")] = None


class RuntimeV2(Section):
    """How the second stack serves."""

    former_keys: ClassVar[Mapping[str, str]] = {"gated_features": "patch_kwargs"}

    max_seq_len: Annotated[
        int | None, Field(strict=True, ge=1, le=1_048_576, description="Tokens of input and output together.")
    ] = None
    max_batch_size: BatchSize = 256
    max_num_tokens: Annotated[
        int, Field(strict=True, gt=64, le=131_072, description="Tokens of a batch.")
    ] = 8192
    tensor_parallel_size: Annotated[PositiveInt, Field(description="GPUs that share the model.")] = 1
    enable_chunked_prefill: Annotated[bool, Field(description="Whether long inputs are read in pieces.")] = (
        True
    )
    served_model_name: Annotated[str | None, Field(description="Name that clients ask for.")] = None
    patch_kwargs: Annotated[
        dict[str, str | int | float | dict[Any, Any] | list[Any] | None],  # Any: the stack's own settings
        Field(description="Settings that are passed on as they are."),
    ] = {}


class TrtLlmV1(Section):
    """A language model that the first stack serves."""

    model_config = ConfigDict(
        json_schema_extra={
            "allOf": [
                {
                    "properties": {
                        "build": {
                            "required": ["checkpoint_repository"],
                            "properties": {
                                "checkpoint_repository": {"type": "object"},
                                "base_model": {"enum": ["decoder", *ENCODERS]},
                            },
                        }
                    }
                }
            ]
        }
    )

    inference_stack: Annotated[Literal["v1"], Field(description="Which stack serves.")] = "v1"
    build: Annotated[TrtLlmBuild, Field(description="How the engine is built.")]
    runtime: Annotated[RuntimeV1, Field(default_factory=RuntimeV1, description="How the engine serves.")]
    version_overrides: Annotated[
        VersionOverrides, Field(default_factory=VersionOverrides, description="Releases of the parts.")
    ]

    @classmethod
    def breaches(cls, values: Values, root: Values) -> Iterator[SectionFault]:
        """Find what the first stack cannot build, or cannot run on the accelerator."""
        build = mapping(values.get("build"))
        if isinstance(values.get("build"), dict) and build.get("checkpoint_repository") is None:
            message = "`trt_llm.build` has no `checkpoint_repository`"
            yield SectionFault(
                ("build",),
                message,
                "Name the weights: `checkpoint_repository: {source: HF, repo: owner/name}`.",
                key=True,
            )
        yield from _model_breaches(build.get("base_model"))
        yield from gpu_breaches(build, root, first_stack=True)
        if is_encoder(build):
            return
        plugins = mapping(build.get("plugin_configuration"))
        if truth(mapping(values.get("runtime")).get("enable_chunked_context", True)):
            for key in ("paged_kv_cache", "use_paged_context_fmha"):
                if not truth(plugins.get(key, True)):
                    path = ("build", "plugin_configuration", key)
                    message = f"`runtime.enable_chunked_context`, on by default, needs `{key}`"
                    yield SectionFault(path, message, "Turn `enable_chunked_context` off as well.")
        yield from _tag_breaches(root)


def _model_breaches(model: object) -> Iterator[SectionFault]:
    path = ("build", "base_model")
    if model in _FORMER_MODELS:
        message = f"`{model}` is now `decoder`, which reads the architecture from the checkpoint"
        yield SectionFault(path, message, "Write `base_model: decoder`.", Problem.BAD_VALUE)
    elif model == "whisper":
        yield SectionFault(path, "whisper is no longer served by `trt_llm`", None, Problem.BAD_VALUE)


def _tag_breaches(root: Values) -> Iterator[SectionFault]:
    """Find tags, which are data of the whole config, that leave the API of the model open."""
    metadata = mapping(root.get("model_metadata"))
    tags = metadata.get("tags", [])
    if not isinstance(tags, list | str | dict | set):
        message = "`model_metadata.tags` is not a list"
        yield SectionFault(("build",), message, f"Write `tags: [{_ROUTES[0]}]`.", key=True)
    elif all(route in tags for route in _ROUTES):
        message = f"`model_metadata.tags` has both `{_ROUTES[0]}` and `{_ROUTES[1]}`"
        yield SectionFault(("build",), message, "Keep one of them.", key=True)


def _holds_anyway(value: object, default: object) -> bool:
    return value == default or (isinstance(default, int) and str(value) == str(default))


class TrtLlmV2(Section):
    """A language model that the second stack serves."""

    inference_stack: Annotated[Literal["v2"], Field(description="Which stack serves.")]
    build: Annotated[TrtLlmBuild, Field(description="What is served.")]
    runtime: Annotated[RuntimeV2, Field(description="How it is served.")]
    version_overrides: Annotated[
        VersionOverrides, Field(default_factory=VersionOverrides, description="Releases of the parts.")
    ]

    @classmethod
    def breaches(cls, values: Values, root: Values) -> Iterator[SectionFault]:
        """Find keys of the first stack, and a model or accelerator that does not do."""
        build = mapping(values.get("build"))
        for key, value in build.items():
            if key in _ONLY_V1 and not _holds_anyway(value, _ONLY_V1[key]):
                advice = f"Use `runtime.{_MOVED_TO_RUNTIME.get(key, key)}`."
                known = _MOVED_TO_RUNTIME.get(key, key) in RuntimeV2.model_fields
                message = f"`{key}` belongs to the first inference stack"
                yield SectionFault(("build", key), message, advice if known else "Remove it.", key=True)
        missing = isinstance(values.get("build"), dict) and build.get("checkpoint_repository") is None
        if missing and not truth(build.get("skip_build_result")):
            message = "`trt_llm.build` has no `checkpoint_repository`"
            yield SectionFault(
                ("build",),
                message,
                "Name the weights: `checkpoint_repository: {source: HF, repo: owner/name}`.",
                key=True,
            )
        yield from gpu_breaches(build, root, first_stack=False)
