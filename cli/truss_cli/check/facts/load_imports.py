"""The imports of libraries that loading the model always executes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from truss_cli.check.facts.requirements import named_requirements
from truss_cli.contract.distributions import modules_of
from truss_cli.contract.installed import ALWAYS_INSTALLED, MAY_BE_INSTALLED
from truss_cli.static.events import LibraryImport, ServerStep
from truss_cli.static.library.missing import stdlib_modules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truss_cli.check.facts.truss import TrussFacts
    from truss_cli.static.names.symbols import Module

_OTHER_SOURCES = ("base_image", "build_commands", "docker_server", "trt_llm", "bis_llm", "system_packages")
"""Keys of config.yaml by which modules may be installed that no requirement provides."""
_ARCHIVES = ("*.whl", "*.egg", "*.zip", "*.pth", "*.tar.gz")
_INSTALLER = re.compile(
    r"\b(?:pip3?|uv|ensurepip|easy_install|conda|mamba|apt|apt-get|git clone|clone_from)\b"
)


def requires_nothing(facts: TrussFacts) -> bool:
    """Return whether config.yaml requires no package at all."""
    return not any(facts.truss.values.get(key) for key in ("requirements", "requirements_file"))


def known_modules(facts: TrussFacts) -> frozenset[str] | None:
    """Return the modules of the packages that config.yaml requires; None if they are not known."""
    truss = facts.truss
    name = truss.requirements_file
    if name and not (name.endswith(".txt") and (truss.folder / name).is_file()):
        return None
    modules: set[str] = set()
    for requirement in facts.analysis(named_requirements):
        package_modules = None if "[" in requirement.text else modules_of(requirement.name)
        if package_modules is None:
            return None
        modules |= package_modules
    return frozenset(modules)


def missing_imports(facts: TrussFacts) -> tuple[LibraryImport, ...]:
    """Return the first import of each module that neither the server, the requirements nor the truss has.

    None are returned for a truss that may install packages by other means.
    """
    if not facts.config_is_readable or facts.model is None or _may_have_more(facts):
        return ()
    required_modules = known_modules(facts)
    if required_modules is None:
        return ()
    version = facts.python_version or (3, 9)
    available_modules = required_modules | ALWAYS_INSTALLED | MAY_BE_INSTALLED | stdlib_modules(version)
    first_imports = {
        event.name: event
        for event in reversed([*_certain_imports(facts)])
        if event.name not in available_modules and not _is_in_truss(facts, event.name)
    }
    if first_imports and any(_may_install(module) for module in facts.symbols.loaded()):
        return ()
    return tuple(reversed(first_imports.values()))


def _certain_imports(facts: TrussFacts) -> Iterator[LibraryImport]:
    for event in facts.run.events:
        if isinstance(event, LibraryImport) and event.certain and event.phase is not ServerStep.REQUEST:
            yield event


def _may_have_more(facts: TrussFacts) -> bool:
    values = facts.truss.values
    variables = values.get("environment_variables")
    if any(values.get(key) for key in _OTHER_SOURCES):
        return True
    return isinstance(variables, dict) and any(name in variables for name in ("PYTHONPATH", "PYTHONHOME"))


def _is_in_truss(facts: TrussFacts, name: str) -> bool:
    """Return whether the truss has any file or folder of the name, or archives that may have it."""
    truss = facts.truss
    package_folders = [folder for folder in truss.package_folders if folder.is_dir()]
    folders = [truss.folder, truss.folder / truss.module_folder, *package_folders]
    if any((folder / name).exists() or any(folder.glob(f"{name}.*")) for folder in folders):
        return True
    return any(any(folder.rglob(pattern)) for folder in package_folders for pattern in _ARCHIVES)


def _may_install(module: Module) -> bool:
    """Return whether a module names a program that installs packages."""
    return _INSTALLER.search(module.file.source.text) is not None
