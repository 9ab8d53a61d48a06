"""TRS701 and TRS711: a name is read that nothing defines."""

from collections.abc import Iterator

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.check.rules.failures.failures import find_failures
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding
from truss_cli.static.events import CodeFailure, FailureKind
from truss_cli.static.names.unbound import unbound_names

_GOOD = """\
import json


class Model:
    def load(self):
        self.labels = json.loads("[]")

    def predict(self, model_input):
        return self.labels
"""

_find_later = find_failures(FailureKind.NAME, certain=False)


def _find_in_some_case(facts: TrussFacts) -> Iterator[Finding]:
    """Yield the names that fail in some run, then those in functions that no run reached."""
    yield from _find_later(facts)
    if facts.model_module is None or any("builtins" in file.source.text for file in facts.python_files):
        return
    failing_nodes = {event.node for event in facts.run.events if isinstance(event, CodeFailure)}
    modules = {id(module.file): module for module in facts.symbols.loaded()}
    for module in {id(facts.model_module.file): facts.model_module, **modules}.values():
        if module.package.partition(".")[0] != facts.truss.module_folder:
            continue  # the packages of a truss often have code that it does not use
        for node in unbound_names(module):
            if node not in failing_nodes:
                message = f"`{node.id}` is not defined: the function fails where this is reached"
                yield module.finding(node, message, f"Import or define `{node.id}`.")


UNDEFINED_NAME = Rule(
    code="TRS701",
    name="undefined-name",
    severity=Severity.ERROR,
    summary="A name is read that nothing defines",
    explanation="""\
The server runs this line, and the name is neither bound in the file nor built in. Python
finds that out only when the line runs: with `NameError`, the model does not load, or the
request fails.

Import or define the name.""",
    find=find_failures(FailureKind.NAME, certain=True),
    good=(_GOOD,),
    bad=(
        """\
class Model:
    def load(self):
        self.labels = json.loads("[]")

    def predict(self, model_input):
        return self.labels
""",
    ),
)

UNDEFINED_NAME_LATER = Rule(
    code="TRS711",
    name="undefined-name-later",
    severity=Severity.WARNING,
    summary="A name is read that nothing defines, in some case",
    explanation="""\
As TRS701, but the line runs in some cases only: behind an `if`, or for some inputs.
Other requests succeed.""",
    find=_find_in_some_case,
    good=(_GOOD,),
    bad=(
        """\
class Model:
    def predict(self, model_input):
        return model_input

    def warm_up(self):
        time.sleep(1)
""",
        """\
class Model:
    def predict(self, model_input):
        if model_input.get("debug"):
            logger.info("debug")
        return {}
""",
    ),
)
