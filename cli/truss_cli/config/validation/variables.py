"""Values of environment variables that YAML changes."""

from collections.abc import Iterator

from truss_cli.config.finding import ConfigFinding, Problem
from truss_cli.config.text.document import Document


def variable_findings(document: Document) -> Iterator[ConfigFinding]:
    """Find unquoted values that the server receives as another text, such as `12.10` as `12.1`."""
    variables = document.values.get("environment_variables")
    for name, value in variables.items() if isinstance(variables, dict) else ():
        path = ("environment_variables", name)
        yaml_text = document.scalar(path)
        if isinstance(value, str) or value is None or yaml_text is None:
            continue
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if text == yaml_text or (isinstance(value, bool) and text == yaml_text.lower()):
            continue
        message = f"variable `{name}` gets the text `{text}`, not `{yaml_text}`"
        advice = f'Write `"{yaml_text}"`.'
        # `yes` may be meant as a boolean.
        replacement = None if isinstance(value, bool) else f'"{yaml_text}"'
        yield ConfigFinding(
            Problem.SUSPECT_VALUE, message, advice, document.span(path), replacement=replacement
        )
