"""The keys at the top of config.yaml."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, ConfigDict, Field

from truss_cli.config.fields.editors import not_both
from truss_cli.config.fields.section import Lazy, RefusedValueError, Section, SectionFault, Spelling, Values
from truss_cli.config.finding import Problem
from truss_cli.contract.defaults import (
    DATA_FOLDER,
    MODEL_CLASS,
    MODEL_FILE,
    MODEL_FOLDER,
    PACKAGES_FOLDER,
    PYTHON_VERSION,
)
from truss_cli.contract.secret_names import is_secret_name

PYTHON_VERSIONS = ("py39", "py310", "py311", "py312", "py313", "py314")
_OLD_PYTHON = "py39"
RESERVED_VARIABLES = ("PORT", "HOSTNAME")

# A section is `Any` to type checkers: its class is imported when its key occurs.


def _python_version(text: str) -> str:
    if text not in PYTHON_VERSIONS:
        meant = _python_spelling(text)
        advice = (
            f"Write `{meant}`." if meant in PYTHON_VERSIONS else f"Write one of {', '.join(PYTHON_VERSIONS)}."
        )
        raise RefusedValueError(f"there is no Python `{text}` to serve with", advice)
    return text


def _python_spelling(text: str) -> str:
    return "py" + text.strip().lower().removeprefix("python").removeprefix("py").replace(".", "")


def _variable(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _odd_variables(variables: dict[object, object]) -> Iterator[SectionFault]:
    for name, value in variables.items():
        path = ("environment_variables", str(name))
        if isinstance(name, str) and re.search(r"^$|[\s=]", name):
            message = f"`{name}` cannot name an environment variable"
            yield SectionFault(path, message, "Use letters, digits and `_`.", Problem.SUSPECT_VALUE, key=True)
        elif value is None or isinstance(value, list | dict):
            message = f"variable `{name}` gets the text `{value}`"
            advice = "Write the value as a string."
            if is_secret_name(str(name)):
                advice = f"Declare it under `secrets` instead: `{str(name).lower()}: null`."
            yield SectionFault(path, message, advice, Problem.SUSPECT_VALUE)


class Config(Section):
    """The configuration of a truss."""

    model_config = ConfigDict(
        json_schema_extra={
            "allOf": [
                not_both("requirements", "requirements_file"),
                not_both("model_cache", "weights"),
                not_both("hf_cache", "weights"),
            ]
        }
    )
    former_keys: ClassVar[Mapping[str, str]] = {"hf_cache": "model_cache"}

    model_name: Annotated[str | None, Field(description="Name of the model.")] = None
    model_metadata: Annotated[
        dict[str, Any],  # Any: the user's own data
        Field(description="Free-form data about the model, such as `example_model_input` and `tags`."),
    ] = {}
    description: Annotated[str | None, Field(description="What the model does.")] = None
    examples_filename: Annotated[str, Field(description="File with examples of input.")] = "examples.yaml"
    data_dir: Annotated[str, Field(description="Folder of files that the model reads.")] = DATA_FOLDER
    external_data: Annotated[
        Any,
        Lazy("storage.external_data", "ExternalDataItem", many=True, nullable=True),
        Field(description="Files to download into the data folder when the image is built."),
    ] = None
    external_package_dirs: Annotated[
        list[str], Field(description="Folders outside the truss whose modules the model imports.")
    ] = []
    python_version: Annotated[
        str,
        Spelling(_python_spelling),
        AfterValidator(_python_version),
        Field(
            description="Python of the image: py311 for 3.11.",
            json_schema_extra={"enum": list(PYTHON_VERSIONS)},
        ),
    ] = PYTHON_VERSION
    base_image: Annotated[
        Any,
        Lazy("base_image", "BaseImage", nullable=True),
        Field(description="The image that the model's own is built on."),
    ] = None
    requirements_file: Annotated[
        str | None,
        Field(description="File of Python requirements: a requirements.txt, pyproject.toml or uv.lock."),
    ] = None
    requirements: Annotated[
        list[str], Field(description="Python packages to install, as pip takes them.")
    ] = []
    system_packages: Annotated[list[str], Field(description="Debian packages to install.")] = []
    environment_variables: Annotated[
        dict[str, Any],  # Any: every value becomes a string
        Field(description="Environment variables of the server; values become strings."),
    ] = {}
    secrets: Annotated[
        dict[str, str | None],
        Field(description="Names of the secrets that the model reads, each with null or a placeholder."),
    ] = {}
    resources: Annotated[
        Any, Lazy("resources", "Resources"), Field(description="The machine that the model is served on.")
    ] = {}
    runtime: Annotated[Any, Lazy("runtime", "Runtime"), Field(description="How the server behaves.")] = {}
    build: Annotated[Any, Lazy("build", "Build"), Field(description="How the image is built.")] = {}
    build_commands: Annotated[
        list[str], Field(description="Shell commands to run when the image is built.")
    ] = []
    docker_server: Annotated[
        Any,
        Lazy("docker_server", "DockerServer", nullable=True),
        Field(description="An image with a server of its own instead of a class Model."),
    ] = None
    model_cache: Annotated[
        Any,
        Lazy("storage.model_cache", "ModelRepo", many=True),
        Field(description="Weights that are built into the image or mounted at start."),
    ] = []
    weights: Annotated[
        Any,
        Lazy("storage.weights", "WeightsSource", many=True),
        Field(description="Weights that are mounted at start."),
    ] = []
    bdn: Annotated[
        Any, Lazy("storage.bdn", "Bdn"), Field(description="Volumes of the delivery network.")
    ] = {}
    trt_llm: Annotated[
        Any,
        Lazy("trt_llm.section", "TrtLlmV1", "TrtLlmV2", nullable=True, by="inference_stack"),
        Field(description="A language model that TensorRT-LLM serves."),
    ] = None
    training_checkpoints: Annotated[
        Any,
        Lazy("storage.training_checkpoints", "TrainingCheckpoints", nullable=True),
        Field(description="What a training job has saved, mounted into the model."),
    ] = None
    bis_llm: Annotated[
        Any,
        Lazy("trt_llm.bis_llm", "BisLlm", nullable=True),
        Field(description="A language model that the platform's inference stack serves."),
    ] = None
    input_type: Annotated[str, Field(description="Kind of input; kept from earlier releases.")] = "Any"
    model_framework: Annotated[str, Field(description="Framework; kept from earlier releases.")] = "custom"
    model_type: Annotated[str, Field(description="Kind of model; kept from earlier releases.")] = "Model"
    model_module_dir: Annotated[str, Field(description="Folder of the model's code.")] = MODEL_FOLDER
    model_class_filename: Annotated[str, Field(description="File of the model's class.")] = MODEL_FILE
    model_class_name: Annotated[str, Field(description="Name of the model's class.")] = MODEL_CLASS
    bundled_packages_dir: Annotated[
        str, Field(description="Folder inside the truss whose modules the model imports by their bare names.")
    ] = PACKAGES_FOLDER
    use_local_src: Annotated[bool, Field(description="Whether a local build of the server is used.")] = False
    cache_internal: Annotated[
        Any,
        Lazy("storage.model_cache", "CachedRepo", many=True, nullable=True),
        Field(description="Weights of the platform's own."),
    ] = []
    live_reload: Annotated[bool, Field(description="Whether code is exchanged while the server runs.")] = (
        False
    )
    apply_library_patches: Annotated[bool, Field(description="Whether the server mends known faults.")] = True
    spec_version: Annotated[str, Field(description="Version of this format.")] = "2.0"

    @classmethod
    def deployed(cls, filled: dict[str, object]) -> dict[str, object]:
        """Make environment variables strings, and an absent list of the platform's weights an empty one."""
        variables = filled["environment_variables"]
        if isinstance(variables, dict):
            filled["environment_variables"] = {name: _variable(value) for name, value in variables.items()}
        filled["cache_internal"] = filled["cache_internal"] or []
        return filled

    @classmethod
    def breaches(cls, values: Values, root: Values) -> Iterator[SectionFault]:
        """Find keys that exclude each other, deprecated ones, and variables that the platform sets."""
        del root
        cached = "model_cache" if values.get("model_cache") else "hf_cache"
        for one, other in (("requirements", "requirements_file"), (cached, "weights")):
            if values.get(one) and values.get(other):
                related = (((one,), "and here"),)
                message = f"`{other}` and `{one}` exclude each other"
                yield SectionFault((other,), message, "Keep one of them.", key=True, related=related)
        if values.get("python_version") == _OLD_PYTHON:
            message = "Python 3.9 is deprecated and will be refused by a later release"
            yield SectionFault(("python_version",), message, "Write `py311` or newer.", Problem.DEPRECATED)
        variables = values.get("environment_variables")
        for name in variables if isinstance(variables, dict) else ():
            if name in RESERVED_VARIABLES:
                message = f"the platform sets `{name}` itself, and this value is lost"
                path = ("environment_variables", name)
                yield SectionFault(path, message, "Choose another name.", Problem.RESERVED_VARIABLE, key=True)
        yield from _odd_variables(variables if isinstance(variables, dict) else {})
