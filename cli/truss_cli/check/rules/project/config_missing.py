"""TRS001: the file that makes a folder a truss."""

from collections.abc import Iterator

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding
from truss_cli.discovery import truss_above
from truss_cli.project import CONFIG_NAME
from truss_cli.source import START_OF_FILE

_MISTAKEN = ("config.yml", "Config.yaml", "Config.yml", "truss.yaml", "truss.yml")


def _find(facts: TrussFacts) -> Iterator[Finding]:
    if facts.truss.document is not None:
        return
    folder = facts.truss.folder
    mistaken = next((folder / name for name in _MISTAKEN if (folder / name).is_file()), None)
    if mistaken:
        help_text = f"Rename {mistaken.name} to {CONFIG_NAME}."
        yield Finding(mistaken, START_OF_FILE, f"the configuration must be named {CONFIG_NAME}", help_text)
    else:
        around = truss_above(folder)
        help_text = (
            f"It lies in the truss {around}: run `truss check {around}`."
            if around
            else f"Add a {CONFIG_NAME} (an empty one will do), or make a truss with `truss init`."
        )
        yield Finding(facts.truss.config_path, START_OF_FILE, f"the folder has no {CONFIG_NAME}", help_text)


CONFIG_MISSING = Rule(
    code="TRS001",
    name="config-missing",
    severity=Severity.ERROR,
    summary="The folder has no config.yaml",
    explanation="""\
A truss is a folder with a config.yaml. The toolchain looks for exactly this name, so it does
not find a config.yml, and a folder without one cannot be deployed.

Add a config.yaml (an empty one will do), or rename the file that holds the configuration.""",
    find=_find,
    good=({"config.yaml": "model_name: my-model\n"},),
    bad=({"config.yml": "model_name: my-model\n"},),
)
