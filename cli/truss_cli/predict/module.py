"""Importing the model's file as the server does."""

import importlib.util
import sys
from types import ModuleType

from truss_cli.errors import ExitCode, TrussError
from truss_cli.project import Truss


def import_model(truss: Truss) -> ModuleType:
    """Run the model's file as a module of its own and give it; what its code raises passes through.

    The module bears the name the server gives it, and is registered under it
    before its code runs.
    """
    path = truss.model_path
    folder, stem = truss.module_folder, path.stem
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
    """Give the model's class, or whatever is called by its name; raise TrussError without one."""
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
