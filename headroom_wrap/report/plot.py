"""Bars over time out of block characters, for a terminal of any width."""

from __future__ import annotations

from collections.abc import Sequence

_EIGHTHS = " ▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float], width: int, top: float = 0.0) -> str:
    """One line; the newest values where there are more than fit. 0 is blank, little is not."""
    shown = list(values)[-width:] if width > 0 else []
    top = top or max(shown, default=0.0)
    return "".join(_EIGHTHS[_level(value, top, 8)] for value in shown)


def columns(values: Sequence[float], height: int, top: float = 0.0) -> list[str]:
    """Rows of a bar chart, the uppermost first; one character a value."""
    top = top or max(values, default=0.0)
    levels = [_level(value, top, 8 * height) for value in values]
    rows = []
    for row in range(height - 1, -1, -1):
        rows.append("".join(_EIGHTHS[min(max(level - 8 * row, 0), 8)] for level in levels))
    return rows


def bar(fraction: float, width: int) -> str:
    """A bar of a fraction of `width`, as fine as eighths of a character."""
    eighths = round(min(max(fraction, 0.0), 1.0) * width * 8)
    if fraction > 0:
        eighths = max(eighths, 1)
    whole, rest = divmod(eighths, 8)
    return "█" * whole + (" ▏▎▍▌▋▊▉"[rest] if rest else "")


def _level(value: float, top: float, most: int) -> int:
    if value <= 0 or top <= 0:
        return 0
    return min(max(round(value / top * most), 1), most)
