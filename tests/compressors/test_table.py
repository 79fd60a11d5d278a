"""Tables: drawn ones come back, rows that matter stay, nothing else is taken for a table."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom_wrap import compressors
from headroom_wrap.compressors import table
from headroom_wrap.detect import reads
from headroom_wrap.types import Ask, Level, Origin

CELLS = st.one_of(
    st.sampled_from(
        ["", "1", "-2.5", "web-1", "two words", "NULL", "日本", "a,b", '"q"', "^", "<*>"]
    ),
    st.text("ab1 ,;|\"'^<>*\\[…é", max_size=6).map(str.strip),
)
GRIDS = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=4, max_size=30)
)
HEADS = ["id", "name", "state", "created_at", "note"]


def exact(text: str) -> str:
    result = table.squeeze(text, Origin("Bash", "psql"), Ask(Level.EXACT))
    if result is None:
        return text
    assert result.exact
    assert table.expand(result.text) == text
    return result.text


def widths(rows: list[list[str]]) -> list[int]:
    return [max(map(len, column)) for column in zip(*rows, strict=True)]


def psql(rows: list[list[str]]) -> str:
    wide = widths(rows)
    head = " " + " | ".join(c.ljust(w) for c, w in zip(rows[0], wide, strict=True)) + " "
    rule = "+".join("-" * (w + 2) for w in wide)
    body = [
        " " + " | ".join(c.ljust(w) for c, w in zip(r, wide, strict=True)).rstrip()
        for r in rows[1:]
    ]
    return "\n".join([head, rule, *body, f"({len(body)} rows)", ""])


def boxed(rows: list[list[str]], signs: str = "+-++|") -> str:
    wide = widths(rows)
    rule = signs[0] + signs[2].join(signs[1] * (w + 2) for w in wide) + signs[3]
    bar = signs[4]
    drawn = [
        f"{bar} " + f" {bar} ".join(c.ljust(w) for c, w in zip(r, wide, strict=True)) + f" {bar}"
        for r in rows
    ]
    return "\n".join([rule, drawn[0], rule, *drawn[1:], rule])


def markdown(rows: list[list[str]]) -> str:
    wide = widths(rows)
    drawn = [
        "| " + " | ".join(c.ljust(w) for c, w in zip(r, wide, strict=True)) + " |" for r in rows
    ]
    return "\n".join([drawn[0], "|" + "|".join("-" * (w + 2) for w in wide) + "|", *drawn[1:]])


def columns(rows: list[list[str]]) -> str:
    wide = widths(rows)
    return "\n".join(
        "   ".join(c.ljust(w) for c, w in zip(r, wide, strict=True)).rstrip() for r in rows
    )


def expanded(rows: list[list[str]]) -> str:
    wide, most = max(map(len, rows[0])), max(len(c) for r in rows[1:] for c in r)
    told = []
    for i, row in enumerate(rows[1:], 1):
        rule = f"-[ RECORD {i} ]"
        told.append(rule + f"{'-' * (wide + 1)}+{'-' * (most + 1)}"[len(rule) :])
        told += [f"{n.ljust(wide)} | {c}" for n, c in zip(rows[0], row, strict=True)]
    return "\n".join([*told, "", ""])


def vertical(rows: list[list[str]]) -> str:
    wide = max(map(len, rows[0]))
    told = []
    for i, row in enumerate(rows[1:], 1):
        told.append(f"{'*' * 27} {i}. row {'*' * 27}")
        told += [f"{n.rjust(wide)}: {c}" for n, c in zip(rows[0], row, strict=True)]
    return "\n".join([*told, f"{len(rows) - 1} rows in set (0.00 sec)", ""])


def delimited(rows: list[list[str]]) -> str:
    return "\n".join(map(",".join, rows))


DRAWN = [psql, boxed, markdown, columns, delimited, expanded, vertical]


@given(GRIDS, st.sampled_from(DRAWN), st.booleans())
@settings(max_examples=200, deadline=None)
def test_any_table_comes_back(rows: list[list[str]], draw: object, crlf: bool) -> None:
    assert callable(draw)
    text = draw([HEADS[: len(rows[0])], *rows])
    exact(text.replace("\n", "\r\n") if crlf else text)


ORDERS = [
    [
        str(i),
        f"customer-{i * 37 % 50}",
        "failed" if i == 41 else "paid",
        f"2026-01-{i % 28 + 1:02}",
        "eu",
    ]
    for i in range(1, 131)
]


@pytest.mark.parametrize("draw", DRAWN)
def test_padding_and_rules_are_left_out(draw: object) -> None:
    assert callable(draw)
    text = draw([HEADS, *ORDERS[:40]])
    shorter = exact(text)
    assert len(shorter) < 0.8 * len(text)
    assert "customer-37" in shorter


@pytest.mark.parametrize("draw", DRAWN)
def test_the_odd_row_and_the_asked_for_one_stay(draw: object) -> None:
    assert callable(draw)
    text = draw([HEADS, *ORDERS])
    ask = Ask(Level.SAFE, "When was order 77 created?")
    result = compressors.squeeze(text, Origin("Bash", "psql -c 'select * from orders'"), ask)
    assert result is not None
    assert result.compressor == "table"
    assert "failed" in result.text
    assert "2026-01-22" in next(x for x in result.text.split("\n") if "77" in x)
    assert " rows]" in result.text


def test_a_table_cut_off_by_head_comes_back() -> None:
    lines = boxed([HEADS, *ORDERS]).split("\n")
    text = "\n".join(lines[:40])
    assert exact(text).startswith("[mysql ll, open, widths ")


def test_a_log_or_a_search_is_no_table() -> None:
    log = "\n".join(f"2026-01-01 10:00:{i % 60:02} INFO  worker: took job {i}" for i in range(60))
    search = "\n".join(f"src/a.py:{i}:    value = call(a, b, c)" for i in range(60))
    assert table.score(log, Origin("Bash", "journalctl")) < 0.6
    for origin in (Origin("Bash", "rg value"), Origin("Grep")):
        result = compressors.squeeze(search, origin, Ask(Level.SAFE))
        assert result is None or "table" not in result.compressor


def test_cells_with_times_and_paths_are_no_matches() -> None:
    rows = [[str(i), "/srv/app.py", f"2026-01-01 10:{i:02}:00", "ok", "eu"] for i in range(60)]
    for draw in (psql, boxed, delimited):
        result = compressors.squeeze(draw([HEADS, *rows]), Origin("Bash", ""), Ask(Level.SAFE))
        assert result is not None
        assert result.compressor == "table"


def test_a_table_whose_first_rule_is_short_is_no_puzzle():
    rows = [
        f"|  {n} | customer-{n * 12} | paid | {n * 13.37:6.2f} | 2026-01-0{n} 10:00:00 | eu-west |"
        for n in range(1, 5)
    ]
    rule = "+----+-------------+------+--------+---------------------+---------+"
    exact("\n".join([rule, *rows, "|  5 | customer-35 | paid   |  66.8"]))


REPORT = "\n".join(
    ["# Memory"]
    + [f"used_memory_{name}:{i * 4096}" for i, name in enumerate(map(str, range(30)))]
    + ["# Stats"]
    + [f"evicted_{name}:0" for name in map(str, range(60))]
)


def test_zeros_of_a_report_are_counted_and_what_was_asked_for_stays() -> None:
    ask = Ask(Level.SAFE, "How large is used_memory_7, and evicted_42?")
    result = compressors.squeeze(REPORT, Origin("Bash", "redis-cli info"), ask)
    assert result is not None
    assert result.compressor == "table"
    assert "used_memory_7:28672" in result.text
    assert "used_memory_21:86016" in result.text
    assert "evicted_42:0" in result.text
    assert "[… 42 rows, 0 or empty]" in result.text


def test_the_file_of_settings_is_no_report() -> None:
    result = compressors.squeeze(REPORT, Origin("Bash", "cat server.conf"), Ask(Level.EXACT))
    assert result is None or result.exact


def test_what_is_set_further_in_is_no_report() -> None:
    service = "  - name: web{0}\n    image: shelf/web\n    replicas: 0\n    memory: 64Mi\n"
    text = "services:\n" + "".join(map(service.format, range(40)))
    keys = "kind: ConfigMap\ndata:\n" + "".join(f"  key{i}: value {i}\n" for i in range(80))
    for command, printed in (("docker compose config", text), ("kubectl get cm -o yaml", keys)):
        result = compressors.squeeze(printed, Origin("Bash", command), Ask(Level.SAFE))
        assert result is None or result.compressor == "jsontable"


def test_a_listing_of_so_many_words_is_thinned() -> None:
    rows = [f"lib{i}/stable 1.{i} amd64 [upgradable from: 1.0]" for i in range(140)]
    rows[70] = "openssl/stable 3.2 amd64 [upgradable from: 3.1]"
    names = "\n".join(rows)
    text = f"Listing...\n{names}\n"
    ask = Ask(Level.SAFE, "Is openssl to be upgraded?")
    result = compressors.squeeze(text, Origin("Bash", "apt list --upgradable"), ask)
    assert result is not None
    assert "table" in result.compressor
    assert "openssl/stable 3.2" in result.text
    assert len(result.text) < 0.3 * len(text)


def test_the_numbers_of_a_drawn_table_are_no_lines_of_a_file() -> None:
    assert not reads.is_file_text(psql([HEADS, *ORDERS]), Origin("Bash", "psql -c 'select 1'"))


def test_a_frame_whose_cells_have_blanks_of_their_own_is_a_table() -> None:
    rows = [
        (str(i), f"customer-{i * 37 % 50}", f"2026-01-{i % 28 + 1:02} 10:00") for i in range(90)
    ]
    told = [f"{i:>3}  {name:>11}  {day}  paid" for i, name, day in rows]
    text = "\n".join([f"{'':3}  {'customer':>11}  {'at':>16}  {'is':>4}", *told])
    ask = Ask(Level.SAFE, "When was row 77 created?")
    result = compressors.squeeze(text, Origin("Bash", "python report.py"), ask)
    assert result is not None
    assert result.compressor == "table"
    assert "2026-01-22" in next(x for x in result.text.split("\n") if "77" in x)
    assert len(result.text) < 0.4 * len(text)


def test_a_title_above_a_table_stays() -> None:
    text = f'           Table "public.orders"\n{psql([HEADS, *ORDERS])}'
    result = compressors.squeeze(text, Origin("Bash", "psql -c '\\d+ orders'"), Ask(Level.SAFE))
    assert result is not None
    assert result.text.startswith('           Table "public.orders"\n[psql')
