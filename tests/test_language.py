"""The language of docstrings, comments, messages, templates, documents and local names, as a ratchet.

`tests/language_counts.json` records how often each pattern of `word_list.py` occurs in each folder. A count
may only fall; `pytest tests/test_language.py --renew` records the counts of today.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from prose import TOP, Kind, Passage, python_files, read_documents, read_python, read_templates
from word_list import IDIOMS, NAME_PATTERN, PATTERNS, Idiom, Match, find_matches, is_vague

RECORD = Path(__file__).with_name("language_counts.json")
_DEPTH = 4
"""Folders are told apart down to this depth, as in cli/truss_cli/check/rules."""
_MOST_SHOWN = 15
_RENEW = "pytest tests/test_language.py --renew"
_REPLACEMENTS = {pattern.name: pattern.replacement for pattern in (*PATTERNS, NAME_PATTERN)}

Place = tuple[Path, Match]


class Survey(NamedTuple):
    """All matches: by folder and pattern, and the number of uses of each accepted idiom."""

    places: Mapping[str, Mapping[str, list[Place]]]
    idioms: Counter[Idiom]


@pytest.fixture(scope="module")
def survey() -> Survey:
    places: dict[str, dict[str, list[Place]]] = defaultdict(lambda: defaultdict(list))
    idioms: Counter[Idiom] = Counter()
    for path, match in _all_matches():
        if isinstance(match, Idiom):
            idioms[match] += 1
            continue
        folder = "/".join(path.relative_to(TOP).parent.parts[:_DEPTH]) or "."
        places[folder][match.pattern].append((path, match))
    return Survey(places, idioms)


def test_the_language_only_improves(
    survey: Survey, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    recorded = json.loads(RECORD.read_text(encoding="utf-8"))
    counts = {
        folder: {name: len(matches) for name, matches in sorted(patterns.items())}
        for folder, patterns in sorted(survey.places.items())
    }
    if request.config.getoption("--renew"):
        # Code that moves to another folder raises the count there, but no total.
        assert not _totals(counts) - _totals(recorded), "a count may only fall; see which without --renew"
        RECORD.write_text(json.dumps(counts, indent=1) + "\n", encoding="utf-8")
        return
    risen = [
        _describe(name, folder, recorded.get(folder, {}).get(name, 0), survey.places[folder][name])
        for folder, patterns in counts.items()
        for name, count in patterns.items()
        if count > recorded.get(folder, {}).get(name, 0)
    ]
    assert not risen, "\n".join(["see `Language` in CONTRIBUTING.md", *risen])
    if fewer := (_totals(recorded) - _totals(counts)).total():
        with capsys.disabled():
            sys.stdout.write(f"\n{fewer} matches fewer than recorded; record that with `{_RENEW}`\n")


@pytest.mark.parametrize("idiom", IDIOMS, ids=lambda idiom: idiom.regex.pattern)
def test_an_idiom_occurs_at_most_as_often_as_listed(idiom: Idiom, survey: Survey) -> None:
    assert survey.idioms[idiom] <= idiom.limit, "use other words, or raise the limit in word_list.py"


@pytest.mark.parametrize(
    ("kind", "text", "pattern"),
    [
        (Kind.MODULE, "What a model returns.", "module docstring"),
        (Kind.FUNCTION, "Whether it is there.", "function docstring"),
        (Kind.COMMENT, "so that each run starts\nanew", "anew, afresh"),
        (Kind.DOCUMENT, "Load the model in so\nmany workers.", "so many, so long"),
        (Kind.ERROR, "Cannot read config.yaml", "error message"),
        (Kind.ERROR, "cannot read config.yaml.", "error message"),
    ],
)
def test_a_pattern_matches(kind: Kind, text: str, pattern: str) -> None:
    assert pattern in {match.pattern for match in find_matches(Passage(TOP, 1, kind, text))}


def test_code_is_not_prose(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text('"""A `what()` and a ``beside``."""\n\nTEXT = "# anew"  # fresh\n', encoding="utf-8")
    passages, _ = read_python(path)
    assert [passage.text for passage in passages] == ["A … and a ….", "fresh"]
    assert not [match for passage in passages for match in find_matches(passage)]


def _all_matches() -> Iterator[tuple[Path, Match | Idiom]]:
    for path in python_files():
        passages, names = read_python(path)
        for passage in passages:
            yield from ((path, match) for match in find_matches(passage))
        for local in names:
            if is_vague(local.name):
                yield path, Match(NAME_PATTERN.name, local.line, local.name)
    for passage in (*read_documents(), *read_templates()):
        yield from ((passage.path, match) for match in find_matches(passage))


def _totals(counts: Mapping[str, Mapping[str, int]]) -> Counter[str]:
    """Return the count of each pattern in all folders."""
    totals: Counter[str] = Counter()
    for patterns in counts.values():
        totals.update(patterns)
    return totals


def _describe(name: str, folder: str, before: int, matches: list[Place]) -> str:
    """Return the places of a pattern, those in the files that were edited last first."""
    newest = sorted(matches, key=lambda place: (-place[0].stat().st_mtime, place[0], place[1].line))
    shown = [f"  {path.relative_to(TOP)}:{match.line}: {match.text}" for path, match in newest[:_MOST_SHOWN]]
    more = [f"  and {len(newest) - _MOST_SHOWN} in older files"] if newest[_MOST_SHOWN:] else []
    head = f"{folder}: {len(matches)} of '{name}', {before} recorded; write: {_REPLACEMENTS[name]}"
    return "\n".join([head, *shown, *more])
