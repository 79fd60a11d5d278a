"""What a key does; and what a terminal sends for it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom_wrap.dashboard import keys, state
from headroom_wrap.dashboard.snapshot import Snapshot
from headroom_wrap.dashboard.state import State, press
from tests.dashboard import made

FULL = made.snapshot()


def pressed(*names: str, first: State | None = None, snapshot: Snapshot = FULL) -> State:
    found = first or State()
    for name in names:
        found = press(found, name, snapshot)
    return found


@pytest.mark.parametrize(
    ("sent", "names"),
    [
        (b"q", ["q"]),
        (b"\x1b", ["escape"]),
        (b"\x1b[A\x1b[B", ["up", "down"]),
        (b"\x1bOA", ["up"]),
        (b"\x1b[5~\x1b[6~", ["page-up", "page-down"]),
        (b"\r\t\x7f", ["enter", "tab", "backspace"]),
        ("é日🎉".encode(), ["é", "日", "🎉"]),
        (b"\x1b[1;5A\x1b[<0;3;4M", []),
        (b"\x03", ["ctrl-c"]),
        (b"\xff\xfe", []),
        (b"", []),
    ],
)
def test_what_a_terminal_sends(sent, names):
    assert keys.named(sent) == names


@given(st.binary(max_size=40))
def test_any_bytes_are_keys_or_nothing(data):
    assert all(keys.named(data))


@settings(deadline=None)
@given(st.lists(st.sampled_from([*"qshjkagGpx/? é", *keys._NAMES.values()]), max_size=30))
def test_any_keys_lead_to_a_screen(names):
    from headroom_wrap.dashboard import views

    for snapshot in (FULL, Snapshot(made.NOW)):
        found = pressed(*names, snapshot=snapshot)
        assert views.frame(snapshot, found, 80, 24)


def test_the_cursor_goes_through_the_results_and_stops_at_the_ends():
    listed = state.results(FULL, State())
    assert pressed("up").result is None
    assert pressed("down", "down").result == listed[2]
    assert pressed("end").result == listed[-1]
    assert pressed("end", "down", "up").result == listed[-2]
    assert pressed("page-down", "home").result is None


def test_on_top_it_stays_on_top_when_results_come():
    older = Snapshot(made.NOW, rows=FULL.rows[1:])
    assert press(pressed(snapshot=older), "enter", FULL).opened == state.results(FULL, State())[0]
    chosen = pressed("down", snapshot=older)
    assert press(chosen, "enter", FULL).opened == state.results(older, State())[1]


def test_a_session_is_picked_and_left_again():
    picked = pressed("tab", "down", "enter")
    assert picked.picked == "77b0"
    assert press(picked, "enter", FULL).picked == ""
    assert press(picked, "escape", FULL).picked == ""
    assert press(picked, "a", FULL).picked == ""


def test_sessions_and_results_are_sorted_each_by_its_own():
    names = [s.facts.session for s in state.sessions(FULL, pressed("tab", "s"))]
    assert names == ["77b0", "4f2a", "c9d1"]
    saved = [r.shown.before - r.shown.after for r in state.results(FULL, pressed("s"))]
    assert saved == sorted(saved, reverse=True)
    assert pressed("s", "s", "s").result_order == "newest"


def test_a_filter_takes_words_in_any_order_and_keys_are_letters_then():
    typed = pressed("/", *"SRC rg q")
    assert (typed.wanted, typed.over) == ("SRC rg q", False)
    typed = pressed("backspace", "backspace", "enter", first=typed)
    assert {r.shown.command for r in state.results(FULL, typed)} == {made.CALLS[3][1]}
    assert press(typed, "escape", FULL).wanted == ""


def test_a_result_is_opened_scrolled_and_closed():
    opened = pressed("enter", "down", "down", "up")
    assert (opened.opened, opened.scroll) == (state.results(FULL, State())[0], 1)
    assert pressed("x", first=opened).whole
    closed = press(opened, "q", FULL)
    assert (closed.opened, closed.over) == (None, False)
    assert pressed("q").over


def test_nothing_to_open():
    assert pressed("enter", snapshot=Snapshot(made.NOW)).opened is None
    assert pressed("tab", "down", "enter", snapshot=Snapshot(made.NOW)).picked == ""


@pytest.mark.parametrize("where", [State(), State(help=True), State(typing=True)])
def test_ctrl_c_ends_it_from_everywhere(where):
    assert press(where, "ctrl-c", FULL).over
