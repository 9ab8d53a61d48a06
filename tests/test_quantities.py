import pytest

from truss_cli.errors import TrussError
from truss_cli.quantities import format_duration, parse_duration, parse_size


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90), ("90s", 90), ("5m", 300), ("1h", 3600), ("1h30m", 5400), ("0.5", 0.5), (" 2 S ", 2)],
)
def test_a_duration_is_seconds_unless_it_says_otherwise(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "x", "-1", "0", "0s", "5d", "30m1h", "1m1m", "5 5", "1h30", "1e3", "inf", "٣"]
)
def test_what_is_no_duration_is_refused_with_the_way_to_write_one(text: str) -> None:
    with pytest.raises(TrussError) as refused:
        parse_duration(text)
    assert repr(text.strip()) in refused.value.message


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.25, "0.25 s"), (90, "90 s"), (1800, "30 min"), (5400, "1 h 30 min")]
)
def test_a_duration_reads_as_people_write_it(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


@pytest.mark.parametrize(("text", "size"), [("1000", 1000), ("64Mi", 64 << 20), (" 1.5G ", 1_500_000_000)])
def test_a_size_is_bytes_unless_it_says_otherwise(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "0", "-1", "Mi", "1 parsec"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(TrussError, match="is not a size"):
        parse_size(text)
