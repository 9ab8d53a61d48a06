"""From a truss on disk to a model that is ready, in the server's order."""

from __future__ import annotations

import importlib.util
import inspect
import sys
import time
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from truss_cli.contract import breaches
from truss_cli.contract.defaults import LOAD_RETRY_SECONDS
from truss_cli.contract.shape import ModelShape
from truss_cli.contract.terms import ENDPOINTS, Severity
from truss_cli.display import visible
from truss_cli.errors import ExitCode, TrussError
from truss_cli.project import CONFIG_NAME, Truss
from truss_cli.runtime.model.config_argument import config_argument, may_ask_for_config
from truss_cli.runtime.model.shapes import bound_methods, construction_shape, instance_shape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

    from truss_cli.config.finding import ConfigFinding
    from truss_cli.runtime.model.errors import ErrorReporter
    from truss_cli.runtime.model.secrets.lookup import Secrets


class LoadedModel(NamedTuple):
    """A model that is ready, and the shape its methods had after `__init__`."""

    methods: Mapping[str, Any]  # Any: what the user wrote
    """What the server calls: bound once, so that `load` cannot replace a method."""
    shape: ModelShape


class ModelSpec(NamedTuple):
    """What a model is loaded from."""

    truss: Truss
    secrets: Secrets
    environment: str | None
    reporter: ErrorReporter
    method: str | None = "predict"
    """What is going to be called, without which loading is in vain; None: whatever there is."""
    config: dict[str, object] | None = None
    """What `__init__` is given as such, for a process that cannot work it out."""
    variables: Mapping[str, str] = MappingProxyType({})
    """Environment variables of the command line."""

    def portable(self) -> ModelSpec:
        """Return the same for a process that has none of the packages that this one has."""
        source = self.reporter.truss
        reporter = self.reporter._replace(truss=source and source.without_document(), isolated=True)
        config = config_argument(self.truss) if may_ask_for_config(self.truss) else None
        return self._replace(
            truss=self.truss.without_document(),
            reporter=reporter,
            config=config,
            variables=dict(self.variables),
        )


class OnStep(Protocol):
    """Called with each step of loading as it begins."""

    def __call__(self, step: str, /) -> None:
        """Begin a step."""


def load_model(
    spec: ModelSpec, on_step: OnStep, on_constructed: Callable[[LoadedModel], None] = lambda _model: None
) -> LoadedModel:
    """Import, construct and load the model; raise TrussError for what its code raises or breaks.

    `on_constructed` is called with the model before its `load` runs.
    """
    loaded = _construct(spec, on_step)
    on_constructed(loaded)
    if spec.environment is not None and "setup_environment" in loaded.shape.members:
        _run(loaded.methods, "setup_environment", spec, on_step, {"name": spec.environment})
    if "load" in loaded.shape.members:
        _load(loaded.methods, spec, on_step)
    return loaded


def _construct(spec: ModelSpec, on_step: OnStep) -> LoadedModel:
    truss, reporter = spec.truss, spec.reporter
    on_step("import")
    try:
        cls = find_class(import_model(truss), truss)
    except BaseException as error:
        raise reporter.error(error, f"importing {truss.module_folder}/{truss.model_path.name}") from error
    _require_kept(ModelShape(construction_shape(cls), complete=False), spec)
    on_step("__init__")
    arguments = _arguments(cls, spec)
    try:
        model = cls(**arguments)  # type: ignore[operator]  # what the user named Model may be anything
        ready = bool(model)
        methods = bound_methods(model)
        shape = instance_shape(methods)
    except BaseException as error:
        raise reporter.error(error, f"`{truss.class_name}.__init__`") from error
    _require_kept(shape, spec)
    _require_method(shape, spec)
    if not ready:
        hint = "Remove `__bool__` or `__len__`, or let it be true."
        message = f"the model is false (`bool({truss.class_name}())`), which the server takes for not ready"
        raise TrussError(message, hint=hint, exit_code=ExitCode.FAULT)
    return LoadedModel(methods, shape)


def _require_method(shape: ModelShape, spec: ModelSpec) -> None:
    """Raise TrussError for a model that lacks the method to be called."""
    if spec.method is None or spec.method in shape.members:
        return
    name = spec.truss.class_name
    if "websocket" in shape.members and spec.method == "predict":
        message = f"`{name}` has only `websocket`, which one input cannot be sent to"
        hint = "Serve it with `truss serve`, and connect to it."
    else:
        message = f"`{name}` has no method `{spec.method}`"
        there = [f"`{method}`" for method in ("predict", *ENDPOINTS) if method in shape.members]
        hint = f"It has {', '.join(there)}." if there else f"Write `def {spec.method}(self, model_input)`."
    raise TrussError(message, hint=hint, exit_code=ExitCode.FAULT)


def _load(methods: Mapping[str, Any], spec: ModelSpec, on_step: OnStep) -> None:
    """Run `load`, and once more a second later if it fails, as the server does."""
    on_step("load")
    try:
        methods["load"]()
    except Exception as error:  # noqa: BLE001 - as the server's own retry
        raised = type(error).__name__
    except BaseException as error:
        raise spec.reporter.error(error, "`load`") from error
    else:
        return
    sys.stderr.write(f"note: `load` raised {visible(raised)}; trying it once more, as the server does\n")
    time.sleep(LOAD_RETRY_SECONDS)
    _run(methods, "load", spec, on_step)


def _run(
    methods: Mapping[str, Any], method: str, spec: ModelSpec, on_step: OnStep, *arguments: object
) -> None:
    on_step(method)
    try:
        methods[method](*arguments)
    except BaseException as error:
        raise spec.reporter.error(error, f"`{method}`") from error


def _arguments(cls: object, spec: ModelSpec) -> dict[str, object]:
    """Return the arguments that the signature asks for by name, or all when it takes any."""
    environment = {"name": spec.environment} if spec.environment is not None else None
    offered: dict[str, object] = {
        "config": None,
        "data_dir": spec.truss.data_folder.relative_to(spec.truss.folder),
        "secrets": spec.secrets,
        "lazy_data_resolver": LazyDataResolver(),
        "environment": environment,
    }
    try:
        parameters = inspect.signature(cls).parameters  # type: ignore[arg-type]  # may be anything
    except (TypeError, ValueError) as error:
        message = f"`{spec.truss.class_name}` cannot be called with the server's arguments: {error}"
        hint = f"Write `class {spec.truss.class_name}:` with an `__init__` of its own."
        raise TrussError(message, hint=hint, exit_code=ExitCode.FAULT) from error
    takes_any = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values())
    arguments = {name: value for name, value in offered.items() if takes_any or name in parameters}
    if "config" in arguments:
        arguments["config"] = spec.config if spec.config is not None else config_argument(spec.truss)
    return arguments


def _require_kept(shape: ModelShape, spec: ModelSpec) -> None:
    """Raise for the first breach of the contract on which the deployed model would fail.

    Where it is not known what will be called, note those on which only calls fail.
    """
    for breach in breaches(shape, trt_llm=spec.truss.values.get("trt_llm") is not None):
        if breach.kind.severity is not Severity.ERROR:
            continue
        if spec.method is None and breach.kind.fails_at_call:
            sys.stderr.write(f"warning: {visible(breach.message)}\nhelp: {visible(breach.help)}\n")
            continue
        raise TrussError(breach.message, hint=breach.help, exit_code=ExitCode.FAULT)


class LazyDataResolver:
    """Stands for the server's handle of data in the background; here all data there is is on disk."""

    def block_until_download_complete(self, *_arguments: object, **_options: object) -> None:
        """Return at once."""

    def raise_if_not_collected(self) -> None:
        """Raise nothing: nothing is being collected."""


def import_model(truss: Truss) -> ModuleType:
    """Run the model's file as a module of its own and give it; what its code raises passes through.

    The module bears the name the server gives it, and is registered under it
    before its code runs.
    """
    path = truss.model_path
    folder, stem = path.resolve().parent.name, path.stem
    name = f"{folder}.{stem}" if folder == stem else stem
    spec = importlib.util.spec_from_file_location(name, path.resolve())
    if spec is None or spec.loader is None:
        message = f"{path.name} is not a Python file, as `model_class_filename` must name"
        raise TrussError(message, exit_code=ExitCode.FAULT)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def find_class(module: ModuleType, truss: Truss) -> object:
    """Return the model's class, or whatever is called by its name; raise TrussError without one."""
    name = truss.class_name
    try:
        return getattr(module, name)
    except AttributeError:
        pass
    import difflib  # noqa: PLC0415 - for failures alone

    classes = [key for key, value in vars(module).items() if isinstance(value, type)]
    near = difflib.get_close_matches(name, classes, n=1, cutoff=0.5)
    message = f"{truss.module_folder}/{truss.model_path.name} has no class `{name}`"
    hint = f"Rename `{near[0]}` to `{name}`." if near else f"Write `class {name}:` with a method `predict`."
    raise TrussError(message, hint=hint, exit_code=ExitCode.FAULT)


def require_deployable(truss: Truss) -> None:
    """Raise TrussError for the first thing in config.yaml that a deployment refuses."""
    document = truss.document
    if document is None:
        return
    from truss_cli.config.validation.inspect import inspect  # noqa: PLC0415 - the schema takes a while to build

    for finding in (*document.findings, *inspect(document, truss.folder)):
        if finding.problem.severity is Severity.ERROR:
            raise _error(finding)


def _error(finding: ConfigFinding) -> TrussError:
    place = f"{CONFIG_NAME}:{finding.span.start.line}:{finding.span.start.column}"
    return TrussError(f"{place}: {finding.message}", hint=finding.help, exit_code=ExitCode.FAULT)
