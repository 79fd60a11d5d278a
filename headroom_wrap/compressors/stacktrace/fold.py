"""Labels for the frames of every trace in a text: libraries and recursion are not shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from headroom_wrap.compressors._labels import QUIET, SHOWN
from headroom_wrap.compressors.stacktrace.frames import ANYHOW, Frame, frames

_MAX_CYCLE = 24
_LEAST_ROUNDS = 3
# A trace of nothing but library frames still has to say what was being done.
_ALL_LIBRARY = 4
_LIBRARY = "library frame"
# Causes and repeated failures have come the same way.
_OUTER = "outer frame as above|outer frames as above"
_LEAST_SHARED, _NEAR = 3, 4
# They only report what the message says: the panic or the free that a tool has caught.
_REPORTS = re.compile(
    r"rust_begin_unwind|core::panicking|vgpreload_|__interceptor_|__GI_raise|__pthread_kill"
)


def frame_labels(lines: Sequence[str], asked: Callable[[str], bool]) -> list[str]:
    """A label for each line; lines that are no frames are shown."""
    labels = [SHOWN] * len(lines)
    traces = list(_traces(lines))
    alone = all(frame.library for trace in traces for frame in trace)
    earlier: list[list[str]] = []
    for trace in traces:
        hidden = _recursion(trace)
        for i in _outer(trace, earlier):
            hidden.setdefault(i, _OUTER)
        for i, name in _libraries(trace, alone).items():
            hidden.setdefault(i, name)
        for i, name in hidden.items():
            frame = trace[i]
            if not any(map(asked, lines[frame.start : frame.end])):
                labels[frame.start : frame.end] = [name, *[QUIET] * (frame.end - frame.start - 1)]
    return labels


def _traces(lines: Sequence[str]) -> Iterator[list[Frame]]:
    """Frames that follow each other without other lines between them."""
    trace: list[Frame] = []
    for frame in frames(lines):
        if trace and frame.start != trace[-1].end:
            yield trace
            trace = []
        trace.append(frame)
    if trace:
        yield trace


def _recursion(trace: Sequence[Frame]) -> dict[int, str]:
    """Frames of the second and later rounds of a cycle."""
    numbers: dict[str, int] = {}
    keys = [numbers.setdefault(frame.key, len(numbers)) for frame in trace]
    hidden: dict[int, str] = {}
    at = 0
    while at < len(keys):
        length, end = _cycle(keys, at)
        if not length:
            at += 1
            continue
        name = f"frame{{}}, the {length} above repeated" if length > 1 else "frame{}, as above"
        name += ", other arguments" * any(ANYHOW in frame.key for frame in trace[at : at + length])
        label = f"{name.format('')}|{name.format('s')}"
        hidden.update(dict.fromkeys(range(at + length, end), label))
        at = end
    return hidden


def _cycle(keys: Sequence[int], at: int) -> tuple[int, int]:
    """The shortest cycle that goes round three times from `at` on, and where it ends."""
    for length in range(1, min(_MAX_CYCLE, (len(keys) - at) // _LEAST_ROUNDS) + 1):
        if keys[at] != keys[at + length]:
            continue
        end = at + length
        while end < len(keys) and keys[end] == keys[end - length]:
            end += 1
        rounds = (end - at) // length
        if rounds >= _LEAST_ROUNDS:
            return length, at + rounds * length
    return 0, at


def _outer(trace: Sequence[Frame], earlier: list[list[str]]) -> range:
    """The outer frames that a trace shares with one of the last before it, which joins these."""
    last = trace[0].inner_last
    keys = [frame.key for frame in (trace if last else reversed(trace))]
    shared = max((_alike(keys, other) for other in earlier[-_NEAR:]), default=0)
    shared = min(shared, len(keys) - 1)
    earlier.append(keys)
    if shared < _LEAST_SHARED:
        return range(0)
    return range(shared) if last else range(len(keys) - shared, len(keys))


def _alike(keys: Sequence[str], others: Sequence[str]) -> int:
    """How many keys are the same from the beginning on."""
    pairs = zip(keys, others, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(keys), len(others)))


def _libraries(trace: Sequence[Frame], alone: bool) -> dict[int, str]:
    """Library frames but the innermost, which says what failed; some more where nothing else is.

    Python's chained errors belong together: there another trace says what was being done.
    """
    last = trace[0].inner_last
    inner = len(trace) - 1 if last else 0
    kept = {inner}
    all_library = all(frame.library for frame in trace)
    if all_library and (alone or not last):
        near = range(len(trace))[-_ALL_LIBRARY:] if inner else range(len(trace))[:_ALL_LIBRARY]
        kept.update(near)
    elif not all_library and _REPORTS.search(trace[inner].key):
        kept.clear()
    return {i: _LIBRARY for i, frame in enumerate(trace) if frame.library and i not in kept}
