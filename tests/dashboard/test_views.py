"""Views are pure: the same snapshot gives the same screen.

`python -m tests.dashboard.test_views` writes the golden screens, to be read as a diff.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len

from headroom_wrap.dashboard import detail, views
from headroom_wrap.dashboard.snapshot import Snapshot, as_json
from headroom_wrap.dashboard.state import State
from headroom_wrap.report.results import Texts
from tests.dashboard import made

GOLDEN = Path(__file__).parent / "golden"
SIZES = [(60, 24), (80, 24), (120, 36), (200, 50)]
ORIGINAL = "".join(f"line {n}\t日本語 \x1b[31m{n % 7}\r\n" for n in range(40)) + "ERROR: it broke\n"
SENT = (
    "line 0\t日本語 \x1b[31m0\r\n[… 39 similar lines]\nERROR: it broke\n[headroom: 39 of 41 lines]"
)


def utc() -> None:
    os.environ["TZ"] = "UTC"
    time.tzset()


@pytest.fixture(autouse=True)
def _utc(monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def screens(width: int, height: int) -> dict[str, list[str]]:
    full = made.snapshot()
    result = full.results[0]
    opened = detail.detail(result, Texts(ORIGINAL, SENT))
    found = {
        "overview": views.frame(full, State(), width, height),
        "sessions": views.frame(
            replace(full, picked="77b0"),
            State(focus="sessions", picked="77b0", session="77b0", paused=True),
            width,
            height,
        ),
        "filter": views.frame(full, State(wanted="日本", typing=True), width, height),
        "result": views.frame(full, State(opened=result), width, height, opened),
        "help": views.frame(full, State(help=True), width, height),
        "empty": views.frame(Snapshot(made.NOW), State(), width, height),
    }
    return {name: [line.plain.rstrip() for line in lines] for name, lines in found.items()}


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_screens_are_what_they_were(width, height):
    for name, lines in screens(width, height).items():
        golden = GOLDEN / f"{name}-{width}.txt"
        assert "\n".join(lines) + "\n" == golden.read_text("utf-8"), golden


def _figures(lines):
    words = {word for line in lines for word in line.plain.replace("→", " ").split()}
    return {word for word in words if word[0] in "$0123456789" and ":" not in word}


@pytest.mark.parametrize("width", [30, 40, 52, 60])
@pytest.mark.parametrize("height", [10, 15, 24])
def test_a_small_screen_shows_less_and_cuts_no_figure(width, height):
    full = made.snapshot()
    figures = _figures(views.frame(full, State(), 200, 50))
    drawn = views.frame(full, State(), width, height)
    lines = [line.plain for line in drawn]
    assert any(word.startswith("$") for word in _figures(drawn))
    assert _figures(drawn) <= figures
    assert any(line.startswith(("── results", "━━ results")) for line in lines)
    assert any("▸" in line for line in lines)


@pytest.mark.parametrize("width", [30, 45, 60, 79, 80, 100, 119, 160, 250])
@pytest.mark.parametrize("height", [1, 5, 10, 17, 24, 80])
def test_every_screen_fits(width, height):
    for name, lines in screens(width, height).items():
        assert len(lines) <= height, name
        for line in lines:
            assert cell_len(line) <= width, (name, line)
            assert not [c for c in line if ord(c) < 32 or 0x7F <= ord(c) < 0xA0], (name, line)


def test_keys_are_always_in_the_last_line():
    for height in (12, 24, 60):
        for name in ("overview", "sessions", "empty"):
            assert screens(100, height)[name][height - 1].startswith("? help"), (name, height)


def test_the_cursor_stays_in_view():
    full = made.snapshot()
    for at in range(0, 90, 7):
        chosen = full.results[at]
        lines = views.frame(full, State(result=chosen if at else None), 120, 30)
        assert [line for line in lines if line.plain.startswith("▸")], at


def test_one_frame_for_a_pipe_has_no_empty_lines_and_no_keys():
    lines = views.frame(made.snapshot(), State(focus=""), 100, 0)
    assert all(line.plain.strip() for line in lines)
    assert not any("quit" in line.plain for line in lines)


def test_a_problem_is_shown():
    lines = views.frame(Snapshot(made.NOW, problem="cannot read the store"), State(), 80, 10)
    assert any("cannot read the store" in line.plain for line in lines)


def test_a_result_that_was_sent_as_it_is_is_not_kept():
    kept = next(r for r in made.snapshot().results if r.shown.tool == "Read")
    opened = detail.detail(kept, Texts(None, None))
    lines = views.frame(made.snapshot(), State(opened=kept), 80, 24, opened)
    assert any("sent as it is" in line.plain for line in lines)


def test_left_out_lines_are_counted_until_they_are_wanted():
    result = made.snapshot().results[0]
    opened = detail.detail(result, Texts(ORIGINAL, SENT))
    folded = views.frame(made.snapshot(), State(opened=result), 120, 80, opened)
    whole = views.frame(made.snapshot(), State(opened=result, whole=True), 120, 80, opened)
    assert any("more lines left out" in line.plain for line in folded)
    assert sum("日本語" in line.plain for line in whole) == 40


def test_json_says_what_the_screen_says():
    facts = as_json(made.snapshot())
    assert facts["all"]["requests"] == 90
    assert [each["session"] for each in facts["sessions"]] == ["4f2a", "77b0", "c9d1"]
    assert facts["today"]["prefix_breaks"] == 1
    assert facts["sessions"][0]["context_limit"] == 200_000
    assert len(facts["results"]) == 90


if __name__ == "__main__":
    utc()
    GOLDEN.mkdir(exist_ok=True)
    for width, height in SIZES:
        for name, lines in screens(width, height).items():
            (GOLDEN / f"{name}-{width}.txt").write_text("\n".join(lines) + "\n", "utf-8")
