"""The questions that the command asks itself, before and after those of a template."""

from truss_cli.errors import TrussError
from truss_cli.init.files.target import examine, require_empty
from truss_cli.init.template.gallery import DEFAULT_TEMPLATE, gallery
from truss_cli.init.template.question import Answer, InvalidAnswerError, Question


class DirectoryQuestion(Question):
    """Which folder to make; one that cannot be made is refused at once."""

    may_hold_files: bool = False

    def parse(self, text: str) -> Answer:
        """Read an answer, or raise `InvalidAnswerError`."""
        try:
            target = examine(text)
            if not self.may_hold_files:
                require_empty(target)
        except TrussError as error:
            raise InvalidAnswerError(error.message) from error
        return text


def directory(*, may_hold_files: bool) -> Question:
    """Ask for the folder; the default is the first free one of my-model, my-model-2 and so on."""
    number, default = 1, "my-model"
    while not may_hold_files and not _is_free(default):
        number += 1
        default = f"my-model-{number}"
    return DirectoryQuestion(
        key="directory", ask="Folder to make", default=default, may_hold_files=may_hold_files
    )


def _is_free(folder: str) -> bool:
    try:
        require_empty(examine(folder))
    except TrussError:
        return False
    return True


def template() -> Question:
    """Ask for one of the templates that come with the tool."""
    templates = gallery()
    return Question(
        key="template",
        ask="Template",
        default=DEFAULT_TEMPLATE,
        choices=tuple(template.name for template in templates),
        described={template.name: template.manifest.summary for template in templates},
    )


TESTS = Question(key="with_tests", ask="Add a test of the model", default=False)
CI = Question(key="with_ci", ask="Add a GitHub Actions workflow", default=False)
