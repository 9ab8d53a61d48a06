"""`bis_llm`: a language model that the platform's inference stack serves."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from truss_cli.config.fields.section import Section


class AutoscalingMetric(Section):
    """A metric, and the value that replicas are added to keep."""

    ignores_unknown: ClassVar[bool] = True

    name: Annotated[str, Field(description="Name of the metric.")]
    target: Annotated[float, Field(description="Value to keep.")]


class Autoscaling(Section):
    """What replicas are added by, besides the number of requests."""

    ignores_unknown: ClassVar[bool] = True

    metrics: Annotated[list[AutoscalingMetric], Field(description="Metrics and their targets.")]


class BisLlm(Section):
    """A language model that the platform's inference stack serves."""

    config: Annotated[
        dict[str, Any] | None, Field(description="Settings of the stack, which checks them.")
    ] = None
    version: Annotated[str, Field(description="Release of the stack.")] = ""
    additional_autoscaling_config: Annotated[
        Autoscaling | None, Field(description="What replicas are added by, besides the number of requests.")
    ] = None
