"""Loading of YAML from strangers: any error is the file's."""

import yaml

from truss_cli.errors import TrussError


def load_yaml(text: str | bytes, name: str) -> object:
    """Return the value of a YAML document; raise `TrussError` with its name and line if there is none."""
    try:
        return yaml.safe_load(text)
    except (RecursionError, MemoryError) as error:
        raise TrussError(f"{name} is nested too deeply") from error
    except yaml.MarkedYAMLError as error:
        line = f" at line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise TrussError(f"{name} is not YAML{line}: {error.problem or error.context}") from error
    except Exception as error:  # PyYAML raises errors of any type for dates and numbers that do not exist
        raise TrussError(f"{name} is not YAML: {str(error) or type(error).__name__}") from error
