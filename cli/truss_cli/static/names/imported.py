"""The modules that importing one certainly imports."""

import ast
from collections.abc import Iterator

from truss_cli.static.names.scopes import Imported
from truss_cli.static.names.symbols import Module, Symbols


def imported_modules(symbols: Symbols, start: Module) -> list[Module]:
    """Return a module of the truss, and its other modules that importing it imports unconditionally."""
    found = {id(start): start}
    pending = [start]
    while pending:
        module = pending.pop()
        for name in _imported_names(symbols, module):
            namespace = symbols.module(name)
            inner = namespace.module if namespace else None
            if inner is not None and id(inner) not in found:
                found[id(inner)] = inner
                pending.append(inner)
    return list(found.values())


def _imported_names(symbols: Symbols, module: Module) -> Iterator[str]:
    """Yield the dotted names that importing a module imports, with the packages around them."""
    for statement in module.file.tree.body if module.file.tree else ():
        if isinstance(statement, ast.ImportFrom):
            base = symbols.absolute(module, Imported(statement.module or "", level=statement.level)) or ""
            names = [base, *(f"{base}.{alias.name}" for alias in statement.names)]
        elif isinstance(statement, ast.Import):
            names = [alias.name for alias in statement.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            yield from (".".join(parts[: index + 1]) for index in range(len(parts)))
