"""The router: a text is cleared of terminal codes and divided into parts, and each part goes to the
compressor whose score for it is highest."""

from __future__ import annotations

import functools
import heapq
import importlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

from headroom_wrap import tokens
from headroom_wrap.compressors import terminal
from headroom_wrap.compressors._api import Compressor, Decoder
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

# Upper bounds of scores, 1.0 for the rest: a score is not computed while another compressor has
# claimed more than its bound.
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
    """Pairs of (score, compressor), highest score first; scores below 0.3 are left out.

    Lazy, since scoring costs time: the compressor that fits the command is scored first, and the
    others only when the caller goes on beyond those that certainly score higher.
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
    """A verified shorter form of `text`; None where there is none, and the text stays as it is.

    `compressor` of the result is the names of all that shortened a part, joined by "+"; `gaps` are
    line ranges of `text`. Errors of compressors are passed on to the caller.
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
    """The outline of a code file, or None where `text` is none; not for a reader that edits it."""
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
    """What the compressor makes of the text; where the verifier refuses that, its exact form."""
    found = module.squeeze(text, origin, ask)
    result = _checked(text, module, found)
    if found and result is None and not found.exact:
        result = _checked(
            text, module, module.squeeze(text, origin, replace(ask, level=Level.EXACT))
        )
    return result


def _checked(text: str, module: Compressor, result: Squeezed | None) -> Squeezed | None:
    """The result, if it is shorter and the decoder or the verifier accepts it."""
    if result is None or not is_gain(result.text, text):
        return None
    expand: Decoder | None = getattr(module, "expand", None)
    if result.exact:
        return result if expand and _expanded(expand, result.text) == text else None
    return result if verify(text, result, expand) else None


def _expanded(expand: Decoder, text: str) -> str | None:
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
