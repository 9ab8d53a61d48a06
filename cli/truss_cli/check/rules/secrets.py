"""TRS401 to TRS404: secrets that are read but not declared, iterated, or shown."""

import ast
from collections.abc import Iterator

from truss_cli.check.diagnostic import Finding, Severity
from truss_cli.check.facts.nodes import own_nodes
from truss_cli.check.facts.secrets import SecretRead
from truss_cli.check.facts.symbols import External
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.facts.values import Values
from truss_cli.check.rule import Example, Find, Rule

_READS = """\
class Model:
    def __init__(self, secrets):
        self.token = secrets["hf_access_token"]

    def predict(self, model_input):
        return model_input
"""
_READS_LATER = """\
class Model:
    def __init__(self, secrets):
        self.secrets = secrets

    def predict(self, model_input):
        return len(self.secrets["hf_access_token"])
"""
_ITERATES = """\
class Model:
    def __init__(self, secrets):
        self.tokens = dict(secrets)

    def predict(self, model_input):
        return model_input
"""
_PRINTS = """\
class Model:
    def __init__(self, secrets):
        print("token:", secrets["hf_access_token"])

    def predict(self, model_input):
        return model_input
"""
_GUARDS = """\
class Model:
    def __init__(self, secrets):
        self.token = secrets["hf_access_token"] if secrets else None

    def predict(self, model_input):
        return model_input
"""
_DECLARED = "secrets:\n  hf_access_token: null\n"
_EMPTY = "model_name: m\n"
_SHOWING = ("builtins.print", "logging.debug", "logging.info", "logging.warning", "logging.error")


def _find_undeclared(*, certain: bool) -> Find:
    def find(facts: TrussFacts) -> Iterator[Finding]:
        declared = facts.truss.secrets
        if facts.secret_uses.peeks or not facts.config_is_readable:
            return
        for read in facts.secret_uses.reads:
            safe = read.name in declared or (read.guarded and not declared)
            if not safe and (read.certain and not read.guarded) is certain:
                yield _undeclared(read)

    return find


def _undeclared(read: SecretRead) -> Finding:
    file = read.module.file
    message = f"secret `{read.name}` is read, but config.yaml does not declare it"
    help_text = (
        f"Add `{read.name}: null` under `secrets` in config.yaml; even `.get` and `in` raise otherwise."
    )
    return Finding(file.source.path, file.span(read.node), message, help_text)


def _find_iterated(facts: TrussFacts) -> Iterator[Finding]:
    for module, node in facts.secret_uses.iterated:
        message = "the secrets cannot be iterated; the server raises an error"
        help_text = 'Look each one up by its name: `secrets["name"]`.'
        yield Finding(module.file.source.path, module.file.span(node), message, help_text)


def _find_shown(facts: TrussFacts) -> Iterator[Finding]:
    reads = {read.node: read for read in facts.secret_uses.reads}
    if not reads or facts.model is None:
        return
    for module, function in facts.model.functions():
        values = Values(facts.types, facts.model, module, function)
        for call in own_nodes(function, ast.Call):
            if not _shows(values, call):
                continue
            for node in ast.walk(call):
                if node in reads and not isinstance(node, ast.Compare):
                    message = f"secret `{reads[node].name}` is written to the log"
                    span = module.file.span(node)
                    yield Finding(module.file.source.path, span, message, "Leave its value out.")


def _shows(values: Values, call: ast.Call) -> bool:
    symbol = values.symbol(call.func)
    if isinstance(symbol, External):
        return symbol.name in _SHOWING
    methods = ("debug", "info", "warning", "error", "exception", "critical")
    owner = call.func.value if isinstance(call.func, ast.Attribute) and call.func.attr in methods else None
    return owner is not None and "log" in ast.unparse(owner).lower()


UNDECLARED_SECRET = Rule(
    code="TRS401",
    name="undeclared-secret",
    severity=Severity.ERROR,
    summary="A secret is read while loading, but not declared",
    explanation="""\
The server gives a model the secrets that config.yaml names under `secrets`. Looking up
another one raises an error, even with `.get`, with a default, or with `in`, and even if
the account has such a secret. This look-up runs each time the model loads.

Declare it: `secrets: {hf_access_token: null}`. Its value is set elsewhere, never here.""",
    find=_find_undeclared(certain=True),
    good=(
        Example({"config.yaml": _DECLARED, "model/model.py": _READS}),
        Example({"config.yaml": _EMPTY, "model/model.py": _GUARDS}),
    ),
    bad=(Example({"config.yaml": _EMPTY, "model/model.py": _READS}),),
)

UNDECLARED_SECRET_LATER = Rule(
    code="TRS402",
    name="undeclared-secret-later",
    severity=Severity.WARNING,
    summary="A secret is read in some case, but not declared",
    explanation="""\
As TRS401, but the look-up stands in a condition, or in a method that runs later: the
model loads, and fails when it comes there.

Declare it: `secrets: {hf_access_token: null}`. Its value is set elsewhere, never here.""",
    find=_find_undeclared(certain=False),
    good=(Example({"config.yaml": _DECLARED, "model/model.py": _READS_LATER}),),
    bad=(Example({"config.yaml": _EMPTY, "model/model.py": _READS_LATER}),),
)

SECRETS_ITERATED = Rule(
    code="TRS403",
    name="secrets-iterated",
    severity=Severity.WARNING,
    summary="The secrets are iterated",
    explanation="""\
The server's secrets can only be looked up. Iterating them raises an error: in a `for`,
with `dict(secrets)` or `list(secrets)`, with `**secrets`, or through `.items()`.

Look each one up by its name.""",
    find=_find_iterated,
    good=(Example({"config.yaml": _DECLARED, "model/model.py": _READS}),),
    bad=(Example({"config.yaml": _DECLARED, "model/model.py": _ITERATES}),),
)

SECRET_SHOWN = Rule(
    code="TRS404",
    name="secret-shown",
    severity=Severity.WARNING,
    summary="A secret is printed or logged",
    explanation="""\
The value of a secret is passed to `print` or to a logger. Logs are kept, and read by
people who should not know it.

Leave the value out of the log.""",
    find=_find_shown,
    good=(Example({"config.yaml": _DECLARED, "model/model.py": _READS}),),
    bad=(Example({"config.yaml": _DECLARED, "model/model.py": _PRINTS}),),
)
