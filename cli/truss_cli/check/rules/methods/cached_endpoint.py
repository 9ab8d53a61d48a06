"""TRS121: a method that answers requests is cached by its arguments."""

from collections.abc import Iterator

from truss_cli.check.facts.model.decorators import decorator_name
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract.terms import ENDPOINTS, PIPELINE, Severity
from truss_cli.diagnostic import Finding

_CACHES = ("functools.cache", "functools.lru_cache")


def _find(facts: TrussFacts) -> Iterator[Finding]:
    for method in (*PIPELINE, *ENDPOINTS):
        found = facts.model.function(method) if facts.model else None
        if found is None:
            continue
        module, function = found
        for decorator in function.decorator_list:
            if decorator_name(facts.types, module, decorator) in _CACHES:
                message = f"`{method}` is cached by its input, but a dict or list cannot be a cache's key"
                yield module.finding(decorator, message, "Cache a function of hashable values inside it.")


CACHED_ENDPOINT = Rule(
    code="TRS121",
    name="cached-endpoint",
    severity=Severity.WARNING,
    summary="A method that answers requests is cached by its arguments",
    explanation="""\
`functools.lru_cache` looks the arguments up in a dict, and so must hash them. The input
of a request is a dict or a list as a rule, which cannot be hashed: such a request is
answered with status 500.

Cache a function that takes hashable values, and call it inside the method.""",
    find=_find,
    good=(
        """\
import functools


@functools.lru_cache
def embed(text):
    return [len(text)]


class Model:
    def predict(self, model_input):
        return embed(model_input["text"])
""",
    ),
    bad=(
        """\
import functools


class Model:
    @functools.lru_cache(maxsize=8)
    def predict(self, model_input):
        return model_input
""",
    ),
)
