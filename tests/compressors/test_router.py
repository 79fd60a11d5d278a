"""The router over hostile texts, and over texts of more than one kind."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headroom_wrap import tokens
from headroom_wrap.compressors import NAMES, load, squeeze
from headroom_wrap.compressors._parts import parts
from headroom_wrap.types import Ask, Level, Origin
from tests.compressors.hostile import COMMANDS, TEXTS

LOG = "".join(
    f"2026-03-04 08:{i // 60:02}:{i % 60:02} INFO shop.api: served item {i * 37 % 400} in 12 ms\n"
    for i in range(120)
)
ROWS = json.dumps([{"id": i, "name": f"item {i}", "price": i * 3, "sold": True} for i in range(60)])


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    text=TEXTS, command=COMMANDS, level=st.sampled_from(list(Level)[:2]), query=st.text(max_size=40)
)
def test_hostile_texts(text: str, command: str, level: Level, query: str) -> None:
    """Never longer, the same every time, lines counted within the text, exact ones come back."""
    origin, ask = Origin("Bash", command), Ask(level, query)
    result = squeeze(text, origin, ask)
    assert squeeze(text, origin, ask) == result
    if result is None:
        return
    assert tokens.count(result.text) < tokens.count(text)
    assert set(result.compressor.split("+")) <= {*NAMES, "terminal"}
    last = 0
    for start, end in result.gaps:
        assert last <= start < end <= text.count("\n") + 1
        last = end
    assert level.folds or result.gaps == ()
    if result.exact:
        assert result.gaps == ()
        if len(parts(text, origin)) == 1:
            assert load(result.compressor).expand(result.text) == text  # type: ignore[attr-defined]


@settings(max_examples=60, deadline=None)
@given(text=TEXTS, command=COMMANDS)
def test_parts_are_the_text(text: str, command: str) -> None:
    assert "".join(part.text for part in parts(text, Origin("Bash", command))) == text


@pytest.mark.parametrize(
    ("text", "command", "compressor"),
    [
        (LOG, "docker logs web", "log"),
        (LOG, "", "log"),
        (ROWS, "curl -s http://localhost/items", "jsontable"),
        (f"Listening on 8080\n{ROWS}\n", "./run", "jsontable"),
        (f"== log\n{LOG}== items\n{ROWS}", "echo '== log'; tail a.log; echo '== items'; cat b",
         "log+jsontable"),
        (f"Exit code: 0\nWall time: 1 seconds\nOutput:\n{LOG}", "tail a.log", "log"),
    ],
)  # fmt: skip
def test_each_part_goes_to_its_compressor(text: str, command: str, compressor: str) -> None:
    result = squeeze(text, Origin("Bash", command), Ask(Level.SAFE))
    assert result is not None
    assert result.compressor == compressor


def drawn(name: str, rows: int) -> str:
    """A table as mysql draws it."""
    rule = "+----------+------------+--------+\n"
    body = "".join(f"| {i:8} | {name:>7}-{i:02} | {i * 7:6} |\n" for i in range(rows))
    return f"{rule}|       id | {name:10} | amount |\n{rule}{body}{rule}"


def test_tables_below_each_other_are_told_one_by_one() -> None:
    text = f"{drawn('invoice', 40)}{drawn('refund', 30)}\n{drawn('account', 50)}"
    result = squeeze(text, Origin("Bash", "mariadb -t < report.sql"), Ask(Level.EXACT))
    assert result is not None
    assert result.exact
    assert "table" in result.compressor.split("+")
    assert [p.text for p in parts(text, Origin())] == [
        drawn("invoice", 40), f"{drawn('refund', 30)}\n", drawn("account", 50)
    ]  # fmt: skip


def test_findings_of_a_linter_are_no_search() -> None:
    text = "\n".join(f"/srv/lib/a.js:{i}:7: Odd name {i}. [Hint]" for i in range(1, 400))
    assert squeeze(text, Origin("Bash", "npx oddlint -f unix lib"), Ask(Level.SAFE)) == squeeze(
        text, Origin("Bash", "npx oddlint -f unix lib"), Ask(Level.EXACT)
    )


def test_a_log_in_brackets_is_no_json() -> None:
    text = "\n".join(f"[2026-03-01 10:00:{i % 60:02}] shipped {{'order': {i}}}" for i in range(300))
    result = squeeze(text, Origin("Bash", "python worker.py"), Ask(Level.SAFE))
    assert result is not None
    assert result.compressor == "log"
    assert not result.exact


def test_what_stands_around_a_part_stays() -> None:
    text = f"Exit code: 0\nOutput:\n{LOG}<exited with exit code 0>\n"
    result = squeeze(text, Origin("Bash", "tail a.log"), Ask(Level.SAFE))
    assert result is not None
    assert result.text.startswith("Exit code: 0\nOutput:\n")
    assert result.text.endswith("<exited with exit code 0>\n")


def test_lines_of_a_later_part_are_counted_from_the_first() -> None:
    text = f"Exit code: 0\nOutput:\n{LOG}"
    result = squeeze(text, Origin("Bash", "tail a.log"), Ask(Level.SAFE))
    assert result is not None
    lines = text.split("\n")
    gone = {i for start, end in result.gaps for i in range(start, end)}
    assert all(lines[i] in result.text for i in range(4) if i not in gone)
    assert not any(lines[i] in result.text.split("\n") for i in gone)


@pytest.mark.parametrize("text", ["", "\n", "short", "x" * 399])
def test_short_texts_stay(text: str) -> None:
    assert squeeze(text, Origin(), Ask(Level.SAFE)) is None
