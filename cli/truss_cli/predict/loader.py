"""From a truss on disk to a model that is ready, in the server's order."""

import inspect
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from truss_cli.contract import breaches
from truss_cli.contract.shape import ModelShape
from truss_cli.contract.terms import Consequence
from truss_cli.errors import ExitCode, TrussError
from truss_cli.predict.fault import Blame
from truss_cli.predict.module import find_class, import_model
from truss_cli.predict.secrets import Secrets
from truss_cli.predict.shapes import bound_methods, class_shape, instance_shape
from truss_cli.project import Truss


class LoadedModel(NamedTuple):
    """A model that is ready, and the shape its methods had after `__init__`."""

    methods: Mapping[str, Any]  # Any: what the user wrote
    """What the server calls: bound once, so that `load` cannot replace a method."""
    shape: ModelShape


class Recipe(NamedTuple):
    """What a model is loaded from."""

    truss: Truss
    secrets: Secrets
    environment: str | None
    blame: Blame


class Progress(Protocol):
    """Told of each step of loading as it begins."""

    def __call__(self, step: str, /) -> None:
        """Begin a step."""


def load_model(recipe: Recipe, progress: Progress) -> LoadedModel:
    """Import, construct and load the model; raise TrussError for what its code raises or breaks."""
    truss, blame = recipe.truss, recipe.blame
    progress("import")
    try:
        cls = find_class(import_model(truss), truss)
    except BaseException as error:
        raise blame.error(error, f"importing {truss.module_folder}/{truss.model_path.name}") from error
    _require_kept(class_shape(cls), truss)
    progress("__init__")
    arguments = _arguments(cls, recipe)
    try:
        model = cls(**arguments)  # type: ignore[operator]  # what the user named Model may be anything
        ready = bool(model)
        methods = bound_methods(model)
        shape = instance_shape(methods)
    except BaseException as error:
        raise blame.error(error, f"`{truss.class_name}.__init__`") from error
    _require_kept(shape, truss)
    if not ready:
        hint = "Remove `__bool__` or `__len__`, or let it be true."
        message = f"the model is false (`bool({truss.class_name}())`), which the server takes for not ready"
        raise TrussError(message, hint=hint, exit_code=ExitCode.FAULT)
    if recipe.environment is not None and "setup_environment" in shape.members:
        _run(methods, "setup_environment", recipe, progress, {"name": recipe.environment})
    if "load" in shape.members:
        _run(methods, "load", recipe, progress)
    return LoadedModel(methods, shape)


def _run(
    methods: Mapping[str, Any], method: str, recipe: Recipe, progress: Progress, *arguments: object
) -> None:
    progress(method)
    try:
        methods[method](*arguments)
    except BaseException as error:
        raise recipe.blame.error(error, f"`{method}`") from error


def _arguments(cls: object, recipe: Recipe) -> dict[str, object]:
    """Give the arguments that the signature asks for by name, or all when it takes any."""
    environment = {"name": recipe.environment} if recipe.environment is not None else None
    offered: dict[str, object] = {
        "config": None,
        "data_dir": recipe.truss.data_folder.relative_to(recipe.truss.folder),
        "secrets": recipe.secrets,
        "lazy_data_resolver": LazyDataResolver(),
        "environment": environment,
    }
    try:
        parameters = inspect.signature(cls).parameters  # type: ignore[arg-type]  # may be anything
    except (TypeError, ValueError) as error:
        message = f"`{recipe.truss.class_name}` cannot be called with the server's arguments: {error}"
        hint = f"Write `class {recipe.truss.class_name}:` with an `__init__` of its own."
        raise TrussError(message, hint=hint, exit_code=ExitCode.FAULT) from error
    takes_any = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values())
    arguments = {name: value for name, value in offered.items() if takes_any or name in parameters}
    if "config" in arguments:
        from truss_cli.config.defaults import deployed_config  # noqa: PLC0415 - takes long, and few ask for it

        arguments["config"] = deployed_config(recipe.truss.document) if recipe.truss.document else {}
    return arguments


def _require_kept(shape: ModelShape, truss: Truss) -> None:
    """Raise for the first breach of the contract on which the deployed model would fail."""
    for breach in breaches(shape, trt_llm=truss.values.get("trt_llm") is not None):
        if breach.kind.consequence is not Consequence.SURPRISES:
            raise TrussError(breach.message, hint=breach.help, exit_code=ExitCode.FAULT)


class LazyDataResolver:
    """Stands for the server's handle of data in the background; here all data there is is on disk."""

    def block_until_download_complete(self, *_arguments: object, **_options: object) -> None:
        """Return at once."""

    def raise_if_not_collected(self) -> None:
        """Raise nothing: nothing is being collected."""
