"""TRS405: the file of a secret is read, but the secret is not declared."""

from collections.abc import Iterator

from truss_cli.check.facts.secrets.files import secret_files, secrets_in_command
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.check.rules.secrets.undeclared import declare_secret
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding
from truss_cli.static.names.imported import imported_modules

_COMMAND = ("docker_server", "start_command")

_DECLARED = "secrets:\n  hf-access-token: null\n"
_READS = """\
from pathlib import Path

SECRETS = Path("/secrets")


class Model:
    def load(self):
        self.token = (SECRETS / "hf_access_token").read_text()

    def predict(self, model_input):
        return model_input
"""
_SERVER = """\
docker_server:
  start_command: sh -c "HF_TOKEN=$(cat /secrets/hf_access_token) serve"
  server_port: 8000
  predict_endpoint: /predict
  readiness_endpoint: /health
  liveness_endpoint: /health
base_image: {image: "python:3.13"}
"""


def _find(facts: TrussFacts) -> Iterator[Finding]:
    if not facts.config_is_readable:
        return
    declared_names = {_normalized(name) for name in facts.truss.secrets}
    reported_names: set[str] = set()
    for name, finding in _reads(facts):
        if _normalized(name) not in declared_names | reported_names:
            reported_names.add(_normalized(name))
            yield finding


def _reads(facts: TrussFacts) -> Iterator[tuple[str, Finding]]:
    """Yield each read of a secret's file, with the finding if the secret is not declared."""
    document = facts.truss.document
    section = facts.truss.values.get(_COMMAND[0])
    command = section.get(_COMMAND[1]) if isinstance(section, dict) else None
    if document is not None and isinstance(command, str):
        for name in secrets_in_command(command):
            fix = declare_secret(facts.truss, name)
            span = document.span(_COMMAND)
            yield name, Finding(facts.truss.config_path, span, _message(name), _help(name), fix=fix)
    modules = imported_modules(facts.symbols, facts.model_module) if facts.model_module else ()
    for module in modules:
        for node, name in secret_files(facts.symbols, module):
            fix = declare_secret(facts.truss, name)
            yield name, module.finding(node, _message(name), _help(name), fix=fix)


def _message(name: str) -> str:
    return f"`/secrets/{name}` is read, but config.yaml does not declare the secret"


def _help(name: str) -> str:
    return f"Add `{name}: null` under `secrets` in config.yaml; the server has no file of another secret."


def _normalized(name: str) -> str:
    """Return the name under which a hyphen and an underscore are the same."""
    return name.replace("-", "_")


UNDECLARED_SECRET_FILE = Rule(
    code="TRS405",
    name="undeclared-secret-file",
    severity=Severity.WARNING,
    summary="The file of a secret is read, but the secret is not declared",
    explanation="""\
The server writes each secret that config.yaml declares to `/secrets/<name>`. The file of
another secret does not exist: reading it raises FileNotFoundError, and `$(cat ...)` in a
shell command is empty.

Declare it: `secrets: {hf_access_token: null}`. A hyphen and an underscore in its name are
the same.""",
    find=_find,
    good=({"config.yaml": _DECLARED, "model/model.py": _READS}, {"config.yaml": _DECLARED + _SERVER}),
    bad=({"config.yaml": "model_name: m\n", "model/model.py": _READS}, {"config.yaml": _SERVER}),
)
