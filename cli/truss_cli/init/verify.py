"""A config.yaml that a template renders is YAML, whatever the answers were."""

from pathlib import Path

import yaml

from truss_cli.errors import TrussError


def verify_config(template: Path, text: str) -> None:
    """Raise `TrussError` if the text is not a YAML mapping: the template put an answer in it unquoted."""
    try:
        values = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1} of it" if mark else ""
        raise TrussError(f"{template} renders what is not YAML{where}", hint=_HINT) from error
    if not isinstance(values, dict | type(None)):
        raise TrussError(f"{template} renders YAML that is not a mapping", hint=_HINT)


_HINT = "A template writes an answer into YAML as {{ name | quoted }}."
