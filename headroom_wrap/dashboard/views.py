"""The whole screen out of a snapshot: the same in, the same out."""

from __future__ import annotations

import textwrap

from rich.text import Text

from headroom_wrap.dashboard import detail, head, panels
from headroom_wrap.dashboard.cells import beside, fit
from headroom_wrap.dashboard.detail import Detail
from headroom_wrap.dashboard.snapshot import Snapshot
from headroom_wrap.dashboard.state import State

_NARROWEST = 30
# Below these there is no room for two columns, for lines of bars.
_TWO_COLUMNS = 60
_BARS = 16
_HELP = (
    ("↑ ↓ j k", "move; g and G to the first and the last"),
    ("Tab", "between sessions and results"),
    ("Enter", "on a session: only this one; on a result: the original beside what was sent"),
    ("a, Esc", "all sessions again"),
    ("/", "only results with these words; Esc ends it"),
    ("s", "sort by something else"),
    ("p", "pause, and go on"),
    ("q", "quit"),
    ("", ""),
    (
        "left out",
        "tokens of tool results that were not sent, in every request they were missing"
        " from; of input: of all that would have been sent",
    ),
    (
        "net",
        "saved less lost. Saved is what the left-out tokens would have cost at list prices, lost"
        " what was fetched again or cached anew because of us. Both are estimates, unlike billed",
    ),
    (
        "prefix break",
        "a request that begins otherwise than before, so that the provider's cache"
        " misses. There must be none: please report it with `headroom inspect --redact`",
    ),
    ("adds", "our own time per request"),
    ("", ""),
    ("", "Any key goes back."),
)
_TERM = 14


def frame(
    snapshot: Snapshot, state: State, width: int, height: int, opened: Detail | None = None
) -> list[Text]:
    """The lines of the screen, `height` at most; 0 for as many as there is to say."""
    width = max(width, _NARROWEST)
    if state.help:
        lines = _help(width)
    elif state.opened and opened:
        lines = detail.frame(opened, state.scroll, state.whole, width, height)
    else:
        lines = _overview(snapshot, state, width, height)
    return [_cut(line, width) for line in (lines[:height] if height else lines)]


def _help(width: int) -> list[Text]:
    lines = [Text("headroom dashboard", "bold"), Text()]
    for term, words in _HELP:
        wrapped = textwrap.wrap(words, width - _TERM) or [""]
        for at, part in enumerate(wrapped):
            lines.append(Text.assemble((fit("" if at else term, _TERM), "bold"), part))
    return lines


def _overview(snapshot: Snapshot, state: State, width: int, height: int) -> list[Text]:
    lines = [head.header(snapshot, state, width)]
    if not snapshot.ever.requests and not snapshot.rows:
        return _nothing(snapshot, state, lines, width, height)
    lines += head.totals(snapshot, width)
    if not height or height >= 20:
        lines += head.sparklines(snapshot, width)
    number, bars = len(snapshot.sessions), _bars(snapshot, width)
    if height and height < _BARS:
        bars = []
    most = len(bars) - 1
    if height:
        room = max(height - len(lines) - (4 if bars else 3), 0)
        few = min(number, max(room // 4, 1))
        some = min(most, max((room - few) // 3, 1)) if bars else 0
        rest = max(room - few - some, 0)
    else:
        few, some, rest = min(number, 10), min(most, 10), 12
    lines += panels.session_list(snapshot, state, width, few)
    lines += bars[: some + 1]
    lines += panels.result_list(snapshot, state, width, rest)
    if not height:
        return lines
    lines += [Text()] * (height - 1 - len(lines))
    return [*lines[: height - 1], footer(state, width)]


def _bars(snapshot: Snapshot, width: int) -> list[Text]:
    """A rule and a line for each tool, with the compressors beside them where there is room."""
    if width < _TWO_COLUMNS:
        return panels.bars("tools", snapshot.tools, width)
    half = (width - 2) // 2
    left = panels.bars("tools", snapshot.tools, half)
    right = panels.bars("compressors", snapshot.compressors, width - half - 2)
    return beside(left, right, half)


def _nothing(
    snapshot: Snapshot, state: State, lines: list[Text], width: int, height: int
) -> list[Text]:
    said = snapshot.problem or "No requests yet. In another terminal: headroom wrap claude"
    lines += [Text(), Text(fit(f"  {said}", width), "red" if snapshot.problem else "")]
    if height:
        lines += [Text()] * (height - 1 - len(lines)) + [footer(state, width)]
    return lines


def footer(state: State, width: int) -> Text:
    """The keys that do something now."""
    if state.typing:
        return Text.assemble(("filter: ", "bold"), fit(f"{state.wanted}▏", width - 8))
    enter = "only this session" if state.focus == "sessions" else "open"
    keys = [
        ("?", "help"),
        ("q", "quit"),
        ("↑↓", "move"),
        ("Enter", enter),
        ("Tab", "results" if state.focus == "sessions" else "sessions"),
        ("/", "filter"),
        ("s", "sort"),
        ("p", "go on" if state.paused else "pause"),
    ]
    line = Text()
    for key, does in keys:
        if line.cell_len + len(key) + len(does) + 3 > width:
            break
        line.append(key, "bold").append(f" {does}  ", "dim")
    return line


def _cut(line: Text, width: int) -> Text:
    if line.cell_len > width:
        line = line.copy()
        line.truncate(width)
    return line
