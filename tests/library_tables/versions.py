"""Merging of the records of several versions of Python into one table."""

from collections.abc import Mapping, Sequence

from truss_cli.static.library.records import Record

OPEN = 99
"""Last minor version of a record that also applies to versions newer than the stubs know."""

Versioned = Mapping[int, Mapping[str, Record]]
"""Records by name, for each minor version of Python."""


def merge(versions: Versioned) -> dict[str, Record]:
    """Return records that hold for all versions, or that list the versions for which they hold."""
    minors = sorted(versions)
    names = dict.fromkeys(name for minor in minors for name in versions[minor])
    return {name: _merged([versions[minor].get(name) for minor in minors], minors) for name in sorted(names)}


def _merged(records: Sequence[Record | None], minors: Sequence[int]) -> Record:
    first = records[0]
    classes = [record for record in records if isinstance(record, list) and record[0] == "c"]
    if len(classes) == len(records) and all(record[1:3] == classes[0][1:3] for record in classes):
        members = merge({minor: record[3] for minor, record in zip(minors, classes, strict=True)})
        return [*classes[0][:3], members]
    if first is not None and all(record == first for record in records):
        return first
    return ["r", *_ranges(records, minors)]


def _ranges(records: Sequence[Record | None], minors: Sequence[int]) -> list[object]:
    """Return the first version, the last version and the record of each span of equal records."""
    ranges: list[object] = []
    start = 0
    for index, record in enumerate(records):
        if index + 1 == len(records) or records[index + 1] != record:
            if record is not None:
                since = minors[start] if start else 0
                until = minors[index] if index + 1 < len(records) else OPEN
                ranges += [since, until, record]
            start = index + 1
    return ranges
