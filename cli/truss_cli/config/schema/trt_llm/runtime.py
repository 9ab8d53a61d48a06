"""`trt_llm.runtime` of the first inference stack."""

from typing import Annotated, Literal

from pydantic import Field

from truss_cli.config.fields.section import Section

PositiveInt = Annotated[int, Field(strict=True, ge=1)]


class RuntimeV1(Section):
    """How an engine serves."""

    kv_cache_free_gpu_mem_fraction: Annotated[
        float, Field(description="Part of the free GPU memory for the key-value cache.")
    ] = 0.9
    kv_cache_host_memory_bytes: Annotated[
        PositiveInt | None, Field(description="Memory of the host for the key-value cache.")
    ] = None
    lora_cache_max_adapter_size: Annotated[PositiveInt | None, Field(description="Largest LoRA rank.")] = None
    lora_cache_optimal_adapter_size: Annotated[PositiveInt | None, Field(description="Usual LoRA rank.")] = (
        None
    )
    lora_cache_gpu_memory_fraction: Annotated[
        Annotated[float, Field(strict=True, gt=0, le=1)] | None,
        Field(description="Part of GPU memory for LoRA."),
    ] = None
    lora_cache_host_memory_bytes: Annotated[
        PositiveInt | None, Field(description="Memory of the host for LoRA.")
    ] = None
    enable_chunked_context: Annotated[bool, Field(description="Whether long inputs are read in pieces.")] = (
        True
    )
    batch_scheduler_policy: Annotated[
        Literal["max_utilization", "guaranteed_no_evict"], Field(description="How requests enter a batch.")
    ] = "guaranteed_no_evict"
    request_default_max_tokens: Annotated[
        PositiveInt | None, Field(description="Tokens of output when a request does not say.")
    ] = None
    served_model_name: Annotated[str | None, Field(description="Name that clients ask for.")] = None
    total_token_limit: Annotated[int, Field(description="Tokens of all requests that are in work.")] = 500_000
    webserver_default_route: Annotated[
        Literal["/v1/embeddings", "/v1/systemone", "/rerank", "/predict", "/predict_tokens"] | None,
        Field(description="Path that requests without one go to."),
    ] = None
