"""Questions with arrow keys, by questionary."""

import questionary
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent, merge_key_bindings

from truss_cli.display import visible
from truss_cli.errors import TrussError
from truss_cli.init.asking.prompter import BACK, Back
from truss_cli.init.template.question import Answer, InvalidAnswerError, Question

_SHORTCUTS = 35
"""Choices that questionary has keys for."""


class InteractivePrompter:
    """Asks with lists to choose from; Esc goes back."""

    def ask(self, question: Question, offer: str) -> Answer | Back:
        """Return a valid answer, or BACK."""
        given = _answer(_choice(question, offer) if question.choices else _text(question, offer))
        return BACK if given is BACK else question.parse(str(given) or offer)

    def confirm(self, prompt: str) -> bool:
        """Return whether a yes was given."""
        return _answer(questionary.confirm(visible(prompt), default=False)) is True


def _choice(question: Question, offer: str) -> questionary.Question:
    width = max(map(len, question.choices))
    choices = [
        questionary.Choice(
            visible(f"{choice:{width}}  {question.described.get(choice, '')}".rstrip()), value=choice
        )
        for choice in question.choices
    ]
    return questionary.select(
        visible(question.ask),
        choices=choices,
        default=offer,
        use_shortcuts=len(choices) <= _SHORTCUTS,
        instruction="(arrows or a key, then Enter; Esc goes back)",
    )


def _text(question: Question, offer: str) -> questionary.Question:
    def problem(text: str) -> bool | str:
        try:
            question.parse(text.strip() or offer)
        except InvalidAnswerError as error:
            return visible(str(error))
        return True

    return questionary.text(f"{visible(question.ask)} [{visible(offer)}]:", validate=problem)


def _answer(prompt: questionary.Question) -> object:
    """Run a prompt; Esc gives BACK, and Ctrl-C raises KeyboardInterrupt."""
    keys = KeyBindings()

    @keys.add("escape", eager=True)
    def _go_back(event: KeyPressEvent) -> None:
        event.app.exit(result=BACK)

    application = prompt.application
    application.key_bindings = merge_key_bindings([application.key_bindings or KeyBindings(), keys])
    try:
        given: object = prompt.unsafe_ask()
    except EOFError:
        raise TrussError("the input ended before the last question; nothing was written") from None
    return given.strip() if isinstance(given, str) else given
