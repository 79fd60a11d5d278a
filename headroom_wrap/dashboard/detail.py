"""One result, opened: the original on the left, what was sent on the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text

from headroom_wrap.dashboard.cells import fit, rule
from headroom_wrap.dashboard.snapshot import Result
from headroom_wrap.figures import count, percent
from headroom_wrap.report.compare import Pair, pairs
from headroom_wrap.report.results import Texts, explained

_TWO = 90
_NUMBER = 5
_RUN, _EDGE = 9, 2


@dataclass(frozen=True, slots=True)
class Detail:
    """A result with its texts, compared."""

    result: Result
    texts: Texts
    pairs: tuple[Pair, ...] = ()


def detail(result: Result, texts: Texts) -> Detail:
    """Compares the texts, where there are two."""
    if texts.original is None or texts.sent is None:
        return Detail(result, texts)
    return Detail(result, texts, tuple(pairs(texts.original, texts.sent)))


def frame(opened: Detail, scroll: int, whole: bool, width: int, height: int) -> list[Text]:
    """The whole screen; `scroll` lines of the comparison are passed over. Long runs
    of left-out lines are counted, unless the `whole` is wanted."""
    shown = opened.result.shown
    gone = 1 - shown.after / shown.before if shown.before else 0.0
    sizes = f"{count(shown.before)} → {count(shown.after)} tokens, {percent(gone)} shorter"
    if shown.after >= shown.before:
        sizes = f"{count(shown.before)} tokens"
    lines = [
        Text.assemble((fit(f"{shown.tool}  {shown.command}", width), "bold")),
        Text.assemble(sizes, (f"   hash {shown.hash[:8]}", "dim")),
        Text(fit(explained(shown), width), "dim"),
    ]
    if not opened.pairs:
        return [*lines, Text(), *_without(opened, width), Text(), _keys(width)]
    room = height - len(lines) - 2
    shown_pairs = opened.pairs if whole else _folded(opened.pairs)
    body = (_columns if width >= _TWO else _stacked)(shown_pairs, width)
    head, rest = body[0], body[1:]
    scroll = min(scroll, max(len(rest) - room, 0))
    lines.append(head)
    lines += rest[scroll : scroll + room]
    lines += [Text("~", "dim")] * (height - 1 - len(lines))
    return [*lines[: height - 1], _keys(width, scroll, len(rest), room)]


def _without(opened: Detail, width: int) -> list[Text]:
    if opened.texts.original is None and opened.result.shown.after >= opened.result.shown.before:
        text = "It was sent as it is, so it is not kept here."
    elif opened.texts.original is None:
        text = "The original is not in the store any more (`headroom clear`, or its age)."
    elif opened.result.observed:
        text = "The session only observed: the original was sent."
    else:
        text = "What was sent is not in the store any more."
    return [Text(fit(text, width))]


def _columns(shown: Sequence[Pair | int], width: int) -> list[Text]:
    half = (width - 3) // 2
    lines = [rule("original", half).append("   ").append_text(rule("as sent", width - half - 3))]
    for pair in shown:
        if isinstance(pair, int):
            lines.append(Text.assemble((fit(_gap(pair), half), "red"), (" │ ", "dim")))
            continue
        left, right = _style(pair)
        line = Text().append(_side(pair.number, pair.left, half), left)
        line.append(" │ ", "dim")
        lines.append(line.append(_side(pair.sent, pair.right, width - half - 3), right))
    return lines


def _stacked(shown: Sequence[Pair | int], width: int) -> list[Text]:
    lines = [rule("original, and + as sent", width)]
    came: list[Text] = []
    for pair in shown:
        if isinstance(pair, int):
            lines.append(Text(fit(_gap(pair), width), "red"))
        elif pair.same:
            lines += [*came, Text(fit(f" {_side(pair.number, pair.left, width - 1)}", width))]
            came = []
        else:
            if pair.number:
                lines.append(
                    Text(fit(f"-{_side(pair.number, pair.left, width - 1)}", width), "red")
                )
            if pair.sent:
                came.append(Text(fit(f"+{'':{_NUMBER}} {pair.right}", width), "green"))
    return lines + came


def _folded(found: Sequence[Pair]) -> list[Pair | int]:
    """The comparison with a number where so many lines were left out in one run."""
    shown: list[Pair | int] = []
    run: list[Pair] = []
    for pair in [*found, None]:
        if pair and pair.number and not pair.sent:
            run.append(pair)
            continue
        if len(run) > _RUN:
            shown += [*run[:_EDGE], len(run) - 2 * _EDGE, *run[-_EDGE:]]
        else:
            shown += run
        run = []
        if pair:
            shown.append(pair)
    return shown


def _gap(number: int) -> str:
    return f"{'⋮':>{_NUMBER}} {number:,} more lines left out"


def _style(pair: Pair) -> tuple[str, str]:
    return ("", "") if pair.same else ("red", "green")


def _side(number: int, text: str, width: int) -> str:
    shown = f"{number:>{_NUMBER}} " if number else " " * (_NUMBER + 1)
    return fit(shown + text, width)


def _keys(width: int, scroll: int = 0, length: int = 0, room: int = 0) -> Text:
    share = f" · {percent(min((scroll + room) / length, 1))} seen" if length > room else ""
    return Text(fit(f"↑↓ PgUp PgDn g G scroll · x all lines · Esc back{share}", width), "dim")
