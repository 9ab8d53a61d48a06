"""Text of a template and answers become text of a truss, in Jinja's sandbox."""

import re
from collections.abc import Mapping
from pathlib import Path

import jinja2

from truss_cli.display import visible
from truss_cli.errors import TrussError
from truss_cli.init.template.limits import BoundedEnvironment, memory_limit, time_limit
from truss_cli.init.template.question import Answer

Variables = Mapping[str, Answer | list[str]]

_MOST_SECONDS = 5.0
"""Time for one file; the slowest template of the gallery takes a hundredth of one."""
_MOST_BYTES = 256 * 1024 * 1024
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quoted(value: object) -> str:
    r"""Write a text as a double-quoted scalar that YAML and Python both read back as that very text.

    Both know the escapes `\xNN`, `\uNNNN` and `\UNNNNNNNN`; all that is not printable takes one, since
    YAML forbids most control characters and takes others for line ends.
    """
    return '"' + "".join(_escape(character) for character in str(value)) + '"'


def _escape(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    if character <= "\xff":
        return f"\\x{ord(character):02x}"
    return f"\\u{ord(character):04x}" if character <= "\uffff" else f"\\U{ord(character):08x}"


def markdown(value: object) -> str:
    """Write a text as one line of Markdown that shows that very text."""
    line = " ".join(visible(str(value), lines=True).split())
    return re.sub(r"([\\`*_{}\[\]<>()#+!|&~])", r"\\\1", line)


def render(path: Path, variables: Variables) -> str:
    """Render one template file; raise `TrussError` with its path and line if that cannot be done."""
    try:
        source = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise TrussError(f"{path} is a template and is not UTF-8", hint=_BINARY_HINT) from error
    environment = _environment()
    try:
        with time_limit(_MOST_SECONDS), memory_limit(_MOST_BYTES):
            code = environment.compile(source, path.name, str(path))
            template = jinja2.Template.from_code(environment, code, environment.make_globals(None))
            return template.render(variables)
    except jinja2.TemplateSyntaxError as error:
        raise TrussError(f"{path}:{error.lineno}: {error.message}") from error
    except MemoryError as error:
        raise TrussError(f"{path}:{_line_of(error, path)}: the result would be too large") from error
    except Exception as error:  # an expression of a template may raise anything
        raise TrussError(f"{path}:{_line_of(error, path)}: {str(error) or type(error).__name__}") from error


_BINARY_HINT = "A file without the suffix .jinja is copied as it is."


def _environment() -> BoundedEnvironment:
    environment = BoundedEnvironment(
        undefined=jinja2.StrictUndefined, keep_trailing_newline=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["quoted"] = quoted
    environment.filters["markdown"] = markdown
    return environment


def _line_of(error: BaseException, path: Path) -> int:
    """Line in the template where rendering stopped: Jinja gives its own frames the template's lines."""
    line, frame = 1, error.__traceback__
    while frame is not None:
        if frame.tb_frame.f_code.co_filename == str(path):
            line = frame.tb_lineno
        frame = frame.tb_next
    return line
