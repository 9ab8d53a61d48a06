"""`external_data`: files that are downloaded into the data folder when the image is built."""

from typing import Annotated

from pydantic import Field

from truss_cli.config.fields.section import Section


class ExternalDataItem(Section):
    """One file to download."""

    url: Annotated[str, Field(min_length=1, description="Address of the file.")]
    local_data_path: Annotated[str, Field(min_length=1, description="Path under the data folder.")]
    backend: Annotated[str, Field(description="Way to download.")] = "http_public"
    name: Annotated[str | None, Field(description="Name to show.")] = None
