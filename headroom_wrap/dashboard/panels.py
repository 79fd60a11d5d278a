"""The lists of the dashboard: sessions, tools, compressors, results."""

from __future__ import annotations

import time
from collections.abc import Mapping

from rich.text import Text

from headroom_wrap.dashboard.cells import fit, rule
from headroom_wrap.dashboard.snapshot import Result, Session, Snapshot
from headroom_wrap.dashboard.state import State, result_at, results, session_at, sessions
from headroom_wrap.figures import count, money, percent
from headroom_wrap.ledger.total import Total
from headroom_wrap.report import plot

_WIDE = 100
# Less is shown here, so that no figure is cut.
_NARROW = 52


def session_list(snapshot: Snapshot, state: State, width: int, rows: int) -> list[Text]:
    """A rule and so many sessions, around the cursor."""
    listed = sessions(snapshot, state)
    at = session_at(listed, state)
    note = f"{state.session_order} first" if len(listed) > 1 else ""
    if state.picked:
        note = "only this one below; a: all"
    focused = state.focus == "sessions"
    lines = [rule("sessions", width, focused, note)]
    start = _start(at, rows, len(listed))
    for index, session in enumerate(listed[start : start + rows], start):
        project = _short(session.facts.project, snapshot.home)
        picked = session.facts.session == state.picked
        line = _session(session, project, snapshot.at, width, picked)
        lines.append(_selected(line, focused and index == at, width))
    return lines


def _session(session: Session, project: str, now: float, width: int, picked: bool) -> Text:
    facts, total = session.facts, session.total
    ago = fit(_ago(now - facts.at), 5, right=True)
    context = count(facts.context) if facts.context else "–"
    limit = f"/{count(session.limit)}" if session.limit else ""
    saved = f"{count(total.tokens_saved)} {percent(total.saved_fraction)}"
    cost = money(total.billed) if total.priced else "–"
    fixed = [
        (fit(context + limit, 12, right=True), ""),
        (fit(cost, 9, right=True), ""),
        (fit(f"▼ {saved}", 14, right=True), "green" if total.tokens_saved > 0 else ""),
        (ago, "dim"),
    ]
    if width >= _WIDE:
        full = facts.context / session.limit if session.limit else 0.0
        fixed.insert(1, (fit(" " + plot.bar(full, 8), 9), "yellow" if full > 0.8 else "blue"))
    elif width < 76:
        del fixed[1]
        if width < _NARROW:
            del fixed[0]
    room = width - 2 - sum(len(text) for text, _ in fixed)
    names = fit(facts.agent, 9 if room > 30 else 8)
    model = fit(facts.model, min(max((room - len(names)) // 2, 8), 28)) if room > 30 else ""
    place = fit(project, room - len(names) - len(model) - (model != ""), end=True)
    line = Text().append("● " if picked else "  ", "cyan").append(names, "bold")
    if model:
        line.append(f"{model} ")
    line.append(place, "dim" if model else "")
    for text, style in fixed:
        line.append(text, style)
    return line


def bars(name: str, found: Mapping[str, Total], width: int) -> list[Text]:
    """A rule and a line for each: how many results, before → after, and both as a bar."""
    lines = [rule(name, width)]
    top = max((total.first_before for total in found.values()), default=0)
    for label, total in found.items():
        lines.append(_bar(_tool(label) or "(as it was)", total, top, width))
    return lines


def _bar(label: str, total: Total, top: int, width: int) -> Text:
    before, after = total.first_before, total.first_after
    gone = 1 - after / before if before else 0.0
    wide = width >= 50
    arrow = " → " if wide else "→"
    sizes = f"{count(before)}{arrow}{count(after)}" if after != before else count(before)
    sizes = fit(sizes, 15 if wide else 12, right=True)
    shrunk = fit(percent(gone) if gone else "–", 6 if wide else 5, right=True)
    times = fit(f"{count(total.results)}×", 6, right=True) if width >= 36 else ""
    line = Text(fit(label, 20 if wide else max(width - len(times + sizes + shrunk) - 6, 11)))
    line.append(times, "dim").append(sizes).append(shrunk, "" if gone else "dim")
    room = width - line.cell_len - 1
    if room >= 4 and top:
        sent = plot.bar(after / top, room)
        both = max(round(before / top * room), len(sent))
        line.append(" ").append(sent, "blue").append("░" * (both - len(sent)), "green")
    return line


def result_list(snapshot: Snapshot, state: State, width: int, rows: int) -> list[Text]:
    """A rule and so many results, around the cursor."""
    found = results(snapshot, state)
    at = result_at(found, state)
    focused = state.focus == "results"
    note = f"{state.result_order} first"
    if state.wanted or state.typing:
        note += f" · {len(found)} with “{state.wanted}”"
    lines = [rule("results", width, focused, note)]
    start = _start(at, rows, len(found))
    for index, result in enumerate(found[start : start + rows], start):
        lines.append(_selected(_result(result, width), focused and index == at, width))
    if not found and rows:
        lines.append(Text("  none", "dim"))
    return lines


def _result(result: Result, width: int) -> Text:
    shown = result.shown
    gone = 1 - shown.after / shown.before if shown.before else 0.0
    shortened = shown.after < shown.before
    sizes = f"{count(shown.before)} → {count(shown.after)}" if shortened else count(shown.before)
    why = shown.compressor if shortened else shown.reason.removeprefix("kept: ")
    if shortened and result.observed:
        why = f"would be {why}"
    when = time.strftime("%H:%M:%S" if width >= 76 else "%H:%M", time.localtime(result.at))
    tail = fit(sizes, 14, right=True), fit(percent(gone) if shortened else "–", 6, right=True)
    reason = 0 if width < _NARROW else 12 if width < 76 else 24 if width < _WIDE else 34
    room = width - len(when) - 3 - sum(map(len, tail)) - (reason and reason + 2)
    tool = min(max(room // 4, 6), 22, max(room - 1, 0))
    line = Text("  ").append(f"{when} ", "dim")
    line.append(fit(_tool(shown.tool), tool), "bold").append(" ")
    line.append(fit(shown.command, room - tool - 1)).append(tail[0])
    line.append(tail[1], "green" if shortened else "dim")
    return line.append("  " + fit(why, reason), "" if shortened else "dim") if reason else line


def _tool(name: str) -> str:
    """`github/list_issues` for `mcp__github__list_issues`: the beginning says nothing."""
    return name[5:].replace("__", "/", 1) if name.startswith("mcp__") else name


def _selected(line: Text, here: bool, width: int) -> Text:
    if not here:
        return line
    line = line.copy()
    line.pad_right(width - line.cell_len)
    line.stylize("reverse")
    # Terminals without any styles show where the cursor is as well.
    return Text.assemble(("▸", "reverse"), line[1:]) if line.plain[:1] == " " else line


def _start(at: int, rows: int, length: int) -> int:
    """The first line to show so that the cursor is in view."""
    return max(min(at - rows // 2, length - rows), 0)


def _short(path: str, home: str) -> str:
    inside = home and (path == home or path.startswith(f"{home}/"))
    return f"~{path[len(home) :]}" if inside else path


def _ago(seconds: float) -> str:
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds >= size:
            return f"{int(seconds // size)}{unit}"
    return f"{max(int(seconds), 0)}s"
