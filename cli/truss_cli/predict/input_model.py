"""Input as the Pydantic object that the model asks for."""

from typing import Any

from truss_cli.errors import TrussError
from truss_cli.predict.fault import Blame

_SHOWN_CHARACTERS = 60


def parse_into(model: Any, value: object, blame: Blame) -> object:  # noqa: ANN401 - a class of the user's pydantic
    """Give the value as an instance of the Pydantic class; raise TrussError naming what does not fit."""
    import pydantic  # noqa: PLC0415 - the model has imported it

    try:
        return model.model_validate(value)
    except pydantic.ValidationError as error:
        problems = [_problem(details) for details in error.errors(include_url=False)]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        detail = "\n".join(f"  {problem}" for problem in problems) if more else None
        raise TrussError(
            f"the input does not fit `{model.__name__}`: {problems[0]}{more}", detail=detail
        ) from None
    except BaseException as error:
        raise blame.error(error, f"parsing the input into `{model.__name__}`") from error


def _problem(details: Any) -> str:  # noqa: ANN401 - pydantic's ErrorDetails
    path = "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in details["loc"])
    given = "" if details["type"] == "missing" else f", not {_shortened(details['input'])}"
    return f"{path}: {details['msg']}{given}"


def _shortened(value: object) -> str:
    text = ascii(value)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[: _SHOWN_CHARACTERS - 3]}..."
