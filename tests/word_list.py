"""Patterns that the language of the repository avoids, each with its replacement."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from prose import Kind, Passage

_NO_CLAUSE = r"\A\s*(what|where|how|which|whether|all|why)\b"
_PLAIN_NOUN = r"\A\s*(the|an?|every|each|one|this|these|its?|is|are|true|false|none|no)\b"


class Pattern(NamedTuple):
    """Words to avoid; `kinds` limits it to some passages, and `cased` distinguishes capitals."""

    name: str
    regex: str
    replacement: str
    kinds: tuple[Kind, ...] = ()
    cased: bool = False


SHAPES = (
    Pattern("module docstring", _NO_CLAUSE, "a noun phrase that names the subject", (Kind.MODULE,)),
    Pattern("class docstring", _NO_CLAUSE, "a noun phrase plus what it is used for", (Kind.CLASS,)),
    Pattern(
        "function docstring",
        rf"{_NO_CLAUSE}|{_PLAIN_NOUN}",
        'the imperative: "Return ...", for predicates "Return whether ..."',
        (Kind.FUNCTION,),
    ),
    Pattern("attribute docstring", _NO_CLAUSE, "a noun phrase", (Kind.ATTRIBUTE, Kind.PROPERTY)),
    Pattern(
        "error message", r"\A[A-Z][a-z]+ |[^.]\.\Z", "lower case, no final stop", (Kind.ERROR,), cased=True
    ),
)
_VOCABULARY = (
    ("alone", "only", r"(?<!leave\s)(?<!let\s)alone"),
    ("anew, afresh", "again, re-", r"anew|afresh"),
    ("answer with", "return, respond with", r"answer(s|ed|ing)? with"),
    ("as when", "as in", r"as when"),
    ("ask for", "request, require", r"ask(s|ed|ing)?( \w+)? for"),
    ("at fault", "invalid, the cause", r"at fault"),
    ("beside", "next to, alongside, in addition to", r"beside"),
    ("bring an answer", "return a result", r"(brings?|brought) (no|an|its|the) answers?"),
    ("but for", "except", r"but for"),
    ("come by, come to", "obtain, reach", r"(comes?|came|coming) (by|to)"),
    ("does not hold", "is not enforced, does not apply", r"(do|does|did) not hold"),
    ("for machines", "machine-readable", r"for machines"),
    ("for want of", "because ... is missing", r"for want of"),
    ("give", "return, pass, provide, print", r"gives?|gave|giving"),
    ("go on", "continue, resume", r"(go|goes|going|went|gone) on"),
    ("hear", "receive", r"hears?|heard"),
    ("hold against, hold to", "compare with, enforce", r"(holds?|held|holding) (\S+ ){0,2}(against|to)"),
    ("is no", "is not a", r"(?<!there\s)(is|are|was|were) no (?!longer|more|less|different)\w+"),
    ("leave alone, spare", "skip, ignore", r"(leaves?|left|leaving) (\w+ )?alone|spar(e|es|ed|ing)"),
    ("left of", "remaining", r"(?<!the\s)left of"),
    (
        "lie in, stand in",
        "be in",
        r"(lies?|lay|lying|stands?|stood|standing) (in|at|on|above|below|under|there)",
    ),
    ("look whether", "check whether", r"(looks?|looked|see|sees) (whether|if)"),
    ("made", "built, rebuilt, created", r"made"),
    ("mend", "fix", r"mend(s|ed|ing)?"),
    ("of its own", "separate, own", r"of (its|his|their|your|our|my) own"),
    ("page for the browser", "web page", r"page for the browser"),
    (
        "say, speak of",
        "report, state",
        r"(say|says|said|saying) (that|so|what|which|whether|where)|(speaks?|spoken) of",
    ),
    ("so many, so long", "number of, timeout", r"so (many|long|much|few)"),
    ("surely", "always, definitely", r"surely|certainly"),
    ("take for", "treat as", r"(takes?|taken|took|taking) (it |them |this |that )?for"),
    ("tell of", "report, state", r"(tells?|told|telling) of"),
    ("text", "string", r"a text(?! (file|editor|box|field|frame|format|column|node|message))|texts"),
    ("the one that", "name the thing", r"the ones? (that|which|who)"),
    ("too", "also", r"too(?=[.,;:)]|\Z)"),
    ("under way", "in progress, in flight", r"under way"),
    ("want", "require", r"want(s|ed|ing)?"),
    ("what there is", "available, installed", r"what (there is|is here|is there)"),
    ("what", "name the thing: not 'what the model returns' but 'the return value'", r"what"),
    ("whoever, whatever", "anyone, any", r"whoever|whatever|whichever"),
    ("whole", "complete", r"(?<!as\sa\s)whole"),
)
VOCABULARY = tuple(Pattern(name, words, instead) for name, instead, words in _VOCABULARY)
PATTERNS = (*SHAPES, *VOCABULARY)

# One alternation for the whole vocabulary: a pass for each word would take most of the test's time.
_WORDS = re.compile(
    r"\b(?:"
    + "|".join(f"(?P<p{n}>{p.regex})" for n, p in enumerate(VOCABULARY)).replace(" ", r"\s+")
    + r")(?!\w)"
)
_SHAPES = [(pattern, re.compile(pattern.regex, 0 if pattern.cased else re.IGNORECASE)) for pattern in SHAPES]


class Idiom(NamedTuple):
    """An idiomatic use of words that a pattern matches: why it is accepted, and how often it may occur."""

    pattern: str
    regex: re.Pattern[str]
    reason: str
    limit: int


IDIOMS = (
    Idiom("give", re.compile(r"g(ives?|ave|iving)\s+up"), "a phrasal verb with another meaning", 1),
    Idiom("want", re.compile(r"want(?<=if you want)"), "a wish of the reader's rather than a requirement", 2),
    Idiom("whole", re.compile(r"whole\s+numbers?"), "the term for integers in messages", 6),
    Idiom("error message", re.compile(r"Python "), "a proper name", 1),
    Idiom("error message", re.compile(r"No module named "), "the words of CPython", 1),
    Idiom("error message", re.compile(r"Object of type|Cannot represent"), "the words of the server", 2),
)

NAME_PATTERN = Pattern("name of a local variable", "", "the thing it holds: `annotation`, `missing_imports`")
_PRONOUN = re.compile(
    "another|any|both|each|everything|its?|itself|mine|none|nothing|ones?|others?|ours|own|rest|same|some|something"
    "|such|that|theirs|them|these|this|those|what|which|who|whole|yours"
)
_IRREGULAR_PARTICIPLE = re.compile(
    "begun|bound|broken|brought|built|chosen|come|cut|done|drawn|driven|fallen|felt|forgotten|found|given|gone|got"
    "|grown|heard|held|hidden|kept|known|laid|left|lent|lost|made|meant|met|paid|put|said|seen|sent|shown|spent|spoken"
    "|stood|taken|taught|thought|told|torn|understood|won|worn|written"
)
_REGULAR_PARTICIPLE = re.compile(
    r"(?!(?:bed|embed|exceed|expected|feed|need|proceed|red|seed|speed|succeed)$)[a-z]+ed"
)
_VAGUE_NAMES = (_PRONOUN, _IRREGULAR_PARTICIPLE, _REGULAR_PARTICIPLE)


class Match(NamedTuple):
    """A place where a pattern matches."""

    pattern: str
    line: int
    text: str


def find_matches(passage: Passage) -> Iterator[Match | Idiom]:
    """Yield the places in a passage that match a pattern, and the accepted idioms."""
    for pattern, regex in _SHAPES:
        if passage.kind in pattern.kinds and (match := regex.search(passage.text)):
            idiom = _idiom(pattern, passage.text, match.start())
            yield idiom or Match(pattern.name, passage.line, passage.text.strip().partition("\n")[0])
    if passage.kind is Kind.ERROR:  # its words are counted as those of a string
        return
    text = passage.text.lower()
    for match in _WORDS.finditer(text):
        pattern = VOCABULARY[int((match.lastgroup or "p0")[1:])]
        line = text.count("\n", 0, match.start())
        quoted = passage.text.split("\n")[line].strip()
        yield _idiom(pattern, text, match.start()) or Match(pattern.name, passage.line + line, quoted)


def _idiom(pattern: Pattern, text: str, position: int) -> Idiom | None:
    idioms = (idiom for idiom in IDIOMS if idiom.pattern == pattern.name)
    return next((idiom for idiom in idioms if idiom.regex.match(text, position)), None)


def is_vague(name: str) -> bool:
    """Return whether a name is a bare participle or pronoun, such as `found` or `theirs`."""
    return any(pattern.fullmatch(name) for pattern in _VAGUE_NAMES)
