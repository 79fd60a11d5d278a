"""The router: a text is cleaned and parted, and each part goes to the surest compressor."""

from __future__ import annotations

import functools
import heapq
import importlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from headroom_wrap import tokens
from headroom_wrap.compressors import terminal
from headroom_wrap.compressors._api import Compressor
from headroom_wrap.compressors._gain import is_gain
from headroom_wrap.compressors._parts import parts
from headroom_wrap.compressors.verify import verify
from headroom_wrap.detect import shape
from headroom_wrap.detect.kinds import likely
from headroom_wrap.types import Ask, Level, Origin, Squeezed

# Order breaks ties. One name = one module here + one folder in tests/compressors/golden/.
NAMES: tuple[str, ...] = (
    "jsontable",
    "code",
    "testrun",
    "stacktrace",
    "build",
    "install",
    "html",
    "gitlog",
    "log",
    "diff",
    "search",
    "blame",
    "listing",
    "table",
    "prose",
    "repeats",
)

# What their scores never exceed: they are not asked before those that know better.
MOST = {
    "code": 0.9,
    "stacktrace": 0.85,
    "build": 0.9,
    "install": 0.95,
    "prose": 0.7,
    "repeats": 0.35,
}

_MIN_SCORE = 0.3
_CERTAIN = 1.0
# Above this a compressor knows the kind: if it finds nothing to fold, no other may fold it.
_SURE = 0.6
_GOOD = 0.9
_LEAST_PART = 400


@functools.cache
def load(name: str) -> Compressor:
    """The compressor module called `name`."""
    return importlib.import_module(f"headroom_wrap.compressors.{name}")


def prepare() -> None:
    """Load what a first text would have to wait for: the compressors and the token ranks."""
    tokens.count("")
    for name in NAMES:
        load(name)


def ranked(
    text: str, origin: Origin, names: Sequence[str] = NAMES
) -> Iterator[tuple[float, Compressor]]:
    """The compressors that claim the text with their scores, surest first.

    The one that the command is known for is asked first. When one is certain the others are only
    looked at if it finds nothing, and so are those that cannot claim as much as one that has.
    """
    first = likely(origin.command)
    ordered = sorted(names, key=lambda name: name != first)
    waiting = [(-MOST.get(name, _CERTAIN), i, name, False) for i, name in enumerate(ordered)]
    heapq.heapify(waiting)
    while waiting:
        value, place, name, scored = heapq.heappop(waiting)
        module = load(name)
        if not scored:
            value = -module.score(text, origin)
        if scored or value <= -_CERTAIN:
            yield -value, module
        elif value <= -_MIN_SCORE:
            heapq.heappush(waiting, (value, place, name, True))


def squeeze(text: str, origin: Origin, ask: Ask) -> Squeezed | None:
    """The shortest honest form of `text`, or None: then the text stays as it is.

    The names of the compressors that had a part in it are joined by "+".
    """
    screen = terminal.render(text)
    pieces: list[str] = []
    used: dict[str, None] = {} if screen.text == text else {"terminal": None}
    gaps: list[tuple[int, int]] = []
    exact = screen.text == text
    line = 0
    for part in parts(screen.text, origin):
        result = None if part.fixed else _squeeze_part(part.text, part.origin, ask)
        pieces.append(result.text if result else part.text)
        if result:
            used[result.compressor] = None
            exact = exact and result.exact
            gaps += [screen.span(line + start, line + end) for start, end in result.gaps]
        line += part.text.count("\n")
    shorter = "".join(pieces)
    if not used or not is_gain(shorter, text):
        return None
    return Squeezed(shorter, "+".join(used), exact, _joined(gaps))


def outline(text: str, origin: Origin, ask: Ask) -> Squeezed | None:
    """The outline of the text of a code file, or None. Only for who will not edit from it."""
    module = load("code")
    if module.score(text, origin) < _MIN_SCORE:
        return None
    return _checked(text, module, module.squeeze(text, origin, ask))


def _squeeze_part(text: str, origin: Origin, ask: Ask) -> Squeezed | None:
    """The first clear gain of the compressors that claim the part, or else the largest one."""
    if len(text) < _LEAST_PART:
        return None
    best: Squeezed | None = None
    names = ("diff",) if shape.is_diff(text) else NAMES
    for value, module in ranked(text, origin, names):
        result = _honest(text, module, origin, ask)
        if result and (best is None or len(result.text) < len(best.text)):
            best = result
        if best and len(best.text) < _GOOD * len(text):
            break
        if value >= _SURE:
            ask = replace(ask, level=Level.EXACT)
    return best


def _honest(text: str, module: Compressor, origin: Origin, ask: Ask) -> Squeezed | None:
    """What the compressor makes of the text; if that is not true, what it makes without folding."""
    found = module.squeeze(text, origin, ask)
    result = _checked(text, module, found)
    if found and result is None and not found.exact:
        result = _checked(
            text, module, module.squeeze(text, origin, replace(ask, level=Level.EXACT))
        )
    return result


def _checked(text: str, module: Compressor, result: Squeezed | None) -> Squeezed | None:
    """The result if it is shorter and true."""
    if result is None or not is_gain(result.text, text):
        return None
    if result.exact:
        return result if _expanded(module, result.text) == text else None
    return result if verify(text, result, getattr(module, "expand", None)) else None


def _expanded(module: Compressor, text: str) -> str | None:
    expand: Callable[[str], str] = module.expand  # type: ignore[attr-defined]
    try:
        return expand(text)
    except ValueError:
        return None


def _joined(gaps: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The gaps in order, overlapping ones made one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(gaps):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)
