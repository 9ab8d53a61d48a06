"""`trt_llm.build`: how an engine is made from a checkpoint. Keys that are not known here are passed on."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, ConfigDict, Field

from truss_cli.config.fields.editors import filled
from truss_cli.config.fields.section import (
    Lazy,
    RefusedValueError,
    Section,
    SectionFault,
    Values,
    mapping,
    truth,
)
from truss_cli.config.finding import Problem
from truss_cli.config.schema.trt_llm.runtime import PositiveInt, RuntimeV1

_MOST_DRAFT_TOKENS = 2048
_CALIBRATION = (64, 16384)
_HF_NAME = r"(?![-.])[\w.-]{1,96}(?<![-.])"
_HF_REPO_PATTERN = rf"^(?!.*(--|\.\.|\.git$))({_HF_NAME}/)?{_HF_NAME}$".replace(r"\w", "A-Za-z0-9_")
_HF_REPO = re.compile(rf"({_HF_NAME}/)?{_HF_NAME}", re.ASCII)
_LOOKAHEAD = ("lookahead_windows_size", "lookahead_ngram_size", "lookahead_verification_set_size")
ENCODERS = ("encoder", "encoder_bert")

BatchSize = Annotated[int, Field(strict=True, ge=1, le=2048, description="Requests of a batch.")]


def is_encoder(build: Values) -> bool:
    """Whether a model computes embeddings; most limits of a decoder do not hold for it."""
    return build.get("base_model") in ENCODERS


def _calibration(number: int) -> int:
    least, most = _CALIBRATION
    if not least <= number <= most or number % least:
        raise RefusedValueError(
            f"{number} is not a multiple of {least} between {least} and {most}", f"Write {least * 16}."
        )
    return number


_Calibration = Annotated[
    int,
    AfterValidator(_calibration),
    Field(
        json_schema_extra={
            "minimum": _CALIBRATION[0],
            "maximum": _CALIBRATION[1],
            "multipleOf": _CALIBRATION[0],
        }
    ),
]


class Checkpoint(Section):
    """Where weights come from."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"source": {"const": "HF"}}},
            "then": {"properties": {"repo": {"pattern": _HF_REPO_PATTERN}}},
        }
    )

    source: Annotated[
        Literal["HF", "GCS", "S3", "AZURE", "LOCAL", "REMOTE_URL", "BASETEN_TRAINING"],
        Field(description="Kind of store."),
    ]
    repo: Annotated[str, Field(description="Repository, bucket, path or URL, as the kind has it.")]
    revision: Annotated[str | None, Field(description="Commit, branch or tag.")] = None
    runtime_secret_name: Annotated[str, Field(description="Secret that opens the store.")] = "hf_access_token"

    @classmethod
    def breaches(cls, values: Values, root: Values) -> Iterator[SectionFault]:
        """Find names that Hugging Face does not have."""
        del root
        repo = values.get("repo")
        if values.get("source") != "HF" or not isinstance(repo, str):
            return
        if not _HF_REPO.fullmatch(repo) or "--" in repo or ".." in repo or repo.endswith(".git"):
            message = f"`{repo}` is not a repository on Hugging Face"
            yield SectionFault(("repo",), message, "Write it as owner/name.", Problem.BAD_VALUE)


class Plugins(Section):
    """Parts of the engine that can be left out."""

    paged_kv_cache: Annotated[bool, Field(description="Whether the key-value cache is paged.")] = True
    use_paged_context_fmha: Annotated[bool, Field(description="Whether context attention is paged.")] = True
    use_fp8_context_fmha: Annotated[bool, Field(description="Whether context attention uses fp8.")] = False


class Quantization(Section):
    """How weights are calibrated."""

    calib_size: Annotated[_Calibration, Field(description="Samples to calibrate with.")] = 1024
    calib_dataset: Annotated[str, Field(description="Data set to calibrate with.")] = "abisee/cnn_dailymail"
    calib_max_seq_length: Annotated[_Calibration, Field(description="Tokens of a sample.")] = 1536


class Lora(Section):
    """LoRA of the engine."""

    max_lora_rank: Annotated[int, Field(description="Largest rank.")] = 64
    lora_target_modules: Annotated[list[str], Field(description="Modules that adapters change.")] = []


class Speculator(Section):
    """Tokens that are guessed ahead."""

    model_config = ConfigDict(
        json_schema_extra={
            "allOf": [
                {"properties": {"speculative_decoding_mode": {"const": "LOOKAHEAD_DECODING"}}},
                filled("speculative_decoding_mode", *_LOOKAHEAD),
            ]
        }
    )

    speculative_decoding_mode: Annotated[
        Literal["DRAFT_TOKENS_EXTERNAL", "LOOKAHEAD_DECODING"], Field(description="Who guesses.")
    ] = "DRAFT_TOKENS_EXTERNAL"
    num_draft_tokens: Annotated[PositiveInt | None, Field(description="Tokens guessed in a step.")] = None
    checkpoint_repository: Annotated[
        Checkpoint | None, Field(description="Weights of the guessing model.")
    ] = None
    runtime: Annotated[
        RuntimeV1, Field(default_factory=RuntimeV1, description="How the guessing model serves.")
    ]
    build: Annotated[
        Any,  # a Speculator is part of a build
        Lazy("trt_llm.build", "TrtLlmBuild", nullable=True),
        Field(description="How the guessing model is built."),
    ] = None
    lookahead_windows_size: Annotated[PositiveInt | None, Field(description="Window of lookahead.")] = None
    lookahead_ngram_size: Annotated[PositiveInt | None, Field(description="Length of its n-grams.")] = None
    lookahead_verification_set_size: Annotated[
        PositiveInt | None, Field(description="N-grams verified in a step.")
    ] = None
    enable_b10_lookahead: Annotated[
        bool | None, Field(description="Whether the platform's lookahead is used.")
    ] = False

    @classmethod
    def breaches(cls, values: Values, root: Values) -> Iterator[SectionFault]:
        """Find a mode that lacks what it needs, and more guesses than a step can have."""
        del root
        if values.get("speculative_decoding_mode") != "LOOKAHEAD_DECODING":
            message = "guessing by a second model (DRAFT_TOKENS_EXTERNAL) is no longer supported"
            advice = "Use `speculative_decoding_mode: LOOKAHEAD_DECODING`, or `inference_stack: v2`."
            yield SectionFault(("speculative_decoding_mode",), message, advice, key=True)
            return
        sizes = [values.get(key) for key in _LOOKAHEAD]
        for key, size in zip(_LOOKAHEAD, sizes, strict=True):
            if size is None:
                yield SectionFault(
                    (key,), f"LOOKAHEAD_DECODING needs `{key}`", f"Add `{key}`.", Problem.MISSING_KEY
                )
        given = values.get("num_draft_tokens")
        if all(isinstance(size, int) for size in sizes):
            window, ngram, verified = (size for size in sizes if isinstance(size, int))
            yield from _draft_breaches((window + verified) * (ngram - 1) - 1, given)


def _draft_breaches(needed: int, given: object) -> Iterator[SectionFault]:
    if given is None and needed < 1:
        yield SectionFault(
            ("lookahead_ngram_size",), "n-grams of one token guess nothing", "Write 2 or more."
        )
    if isinstance(given, int) and given < needed:
        message = f"lookahead guesses {needed} tokens in a step, and `num_draft_tokens` allows {given}"
        yield SectionFault(("num_draft_tokens",), message, "Remove `num_draft_tokens`.")
    most = given if isinstance(given, int) else needed
    if most > _MOST_DRAFT_TOKENS:
        path = "num_draft_tokens" if given is not None else "lookahead_windows_size"
        message = f"{most} tokens are guessed in a step, and at most {_MOST_DRAFT_TOKENS} can be"
        yield SectionFault((path,), message, "Make the lookahead sizes smaller.")


class TrtLlmBuild(Section):
    """How an engine is made from a checkpoint."""

    passes_unknown: ClassVar[bool] = True
    refused_keys: ClassVar[Mapping[str, str]] = {
        "max_input_len": "Remove it, and limit input and output together by `max_seq_len`.",
        "max_output_len": "Remove it, and limit input and output together by `max_seq_len`.",
    }
    moved_keys: ClassVar[Mapping[str, str]] = dict.fromkeys(
        (
            "lora_cache_gpu_memory_fraction",
            "lora_cache_host_memory_bytes",
            "lora_cache_max_adapter_size",
            "lora_cache_optimal_adapter_size",
        ),
        "Move it under `trt_llm.runtime`.",
    )

    base_model: Annotated[
        Literal[
            "encoder", "encoder_bert", "decoder", "palmyra", "qwen", "llama", "mistral", "deepseek", "whisper"
        ],
        Field(description="decoder, or encoder for embeddings; the others are former names."),
    ] = "decoder"
    max_seq_len: Annotated[
        Annotated[int, Field(strict=True, ge=1, le=1_048_576)] | None,
        Field(description="Tokens of input and output together."),
    ] = None
    max_batch_size: BatchSize = 256
    max_num_tokens: Annotated[
        int, Field(strict=True, gt=64, le=1_048_576, description="Tokens of a batch.")
    ] = 8192
    max_beam_width: Annotated[
        int, Field(strict=True, ge=1, le=1, description="Beams; only 1 is supported.")
    ] = 1
    max_prompt_embedding_table_size: Annotated[int, Field(description="Size of the prompt table.")] = 0
    checkpoint_repository: Annotated[Checkpoint | None, Field(description="Where the weights come from.")] = (
        None
    )
    gather_all_token_logits: Annotated[bool, Field(description="Whether logits of all tokens are kept.")] = (
        False
    )
    strongly_typed: Annotated[bool, Field(description="Whether the engine keeps the checkpoint's types.")] = (
        False
    )
    quantization_type: Annotated[
        Literal[
            "no_quant", "smooth_quant",
            "weights_int8", "weights_kv_int8", "weights_int4", "weights_int4_kv_int8",
            "fp8", "fp8_kv", "fp8_mlp_only", "fp4", "fp4_kv", "fp4_mlp_only",
        ],
        Field(description="Number format of weights and cache."),
    ] = "no_quant"  # fmt: skip
    quantization_config: Annotated[
        Quantization, Field(default_factory=Quantization, description="How weights are calibrated.")
    ]
    tensor_parallel_count: Annotated[PositiveInt, Field(description="GPUs that share each layer.")] = 1
    pipeline_parallel_count: Annotated[int, Field(description="Groups of GPUs that share the layers.")] = 1
    moe_expert_parallel_option: Annotated[
        int, Field(description="GPUs that share the experts; -1 decides.")
    ] = -1
    sequence_parallel_count: Annotated[int, Field(description="GPUs that share the sequence.")] = 1
    plugin_configuration: Annotated[
        Plugins, Field(default_factory=Plugins, description="Parts that can be left out.")
    ]
    num_builder_gpus: Annotated[PositiveInt | None, Field(description="GPUs that the build needs.")] = None
    speculator: Annotated[Speculator | None, Field(description="Tokens that are guessed ahead.")] = None
    lora_adapters: Annotated[
        dict[Annotated[str, Field(pattern=r"^[a-zA-Z0-9_\-\.:]+$")], Checkpoint] | None,
        Field(description="Adapters by name."),
    ] = None
    lora_configuration: Annotated[Lora | None, Field(description="LoRA of the engine.")] = None
    skip_build_result: Annotated[bool, Field(description="Whether no engine is built.")] = False

    @classmethod
    def breaches(cls, values: Values, root: Values) -> Iterator[SectionFault]:
        """Find parts that need each other."""
        del root
        model = values.get("base_model", "decoder")
        plugins = mapping(values.get("plugin_configuration"))
        paged = truth(plugins.get("paged_kv_cache", True))
        context = truth(plugins.get("use_paged_context_fmha", True))
        if model != "encoder" and context and not paged:
            path = ("plugin_configuration", "paged_kv_cache")
            yield SectionFault(
                path, "`use_paged_context_fmha`, on by default, needs `paged_kv_cache`", "Turn both off."
            )
        if isinstance(values.get("speculator"), dict) and (model == "encoder" or not (paged and context)):
            message = "guessing ahead needs a decoder with `paged_kv_cache` and `use_paged_context_fmha`"
            yield SectionFault(("speculator",), message, "Turn both on, or remove `speculator`.", key=True)
        experts, gpus = values.get("moe_expert_parallel_option", -1), values.get("tensor_parallel_count", 1)
        if not isinstance(experts, int) or not isinstance(gpus, int) or experts == -1 or model in ENCODERS:
            return
        if not 0 < experts <= gpus:
            message = f"experts are spread over {experts} GPUs, and there are {gpus}"
            yield SectionFault(
                ("moe_expert_parallel_option",), message, "Write 1 to `tensor_parallel_count`, or -1."
            )
