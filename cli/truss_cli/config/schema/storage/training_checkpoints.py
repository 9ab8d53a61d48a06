"""`training_checkpoints`: what a training job has saved, mounted into the model."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import ConfigDict, Field

from truss_cli.config.fields.editors import not_both
from truss_cli.config.fields.section import Section, SectionFault, Values


class ArtifactReference(Section):
    """Checkpoints of one training job."""

    training_job_id: Annotated[str, Field(description="Id of the job.")]
    paths: Annotated[list[str], Field(description="Paths inside what the job saved.")] = []


class TrainingCheckpoints(Section):
    """What a training job has saved."""

    model_config = ConfigDict(json_schema_extra=not_both("artifact_references", "loops_checkpoint_ids"))

    download_folder: Annotated[str, Field(description="Folder to download into.")] = (
        "/tmp/training_checkpoints"  # noqa: S108 - the platform's default
    )
    artifact_references: Annotated[
        list[ArtifactReference], Field(description="Checkpoints of training jobs.")
    ] = []
    loops_checkpoint_ids: Annotated[list[str], Field(description="Checkpoints of loops, by their ids.")] = []

    @classmethod
    def breaches(cls, values: Values, root: Values) -> Iterator[SectionFault]:
        """Find both kinds of checkpoints together."""
        del root
        if values.get("artifact_references") and values.get("loops_checkpoint_ids"):
            message = "`loops_checkpoint_ids` excludes `artifact_references`"
            yield SectionFault(("loops_checkpoint_ids",), message, "Keep one of them.", key=True)
