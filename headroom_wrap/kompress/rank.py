"""How relevant each unit is to the request: half the words (BM25), half the meaning (vectors)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from headroom_wrap.kompress import lexical
from headroom_wrap.kompress.encoder import WINDOW
from headroom_wrap.kompress.static import Static, unit_length
from headroom_wrap.kompress.worker import Worker

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scores = NDArray[np.float32]

_LEXICAL = 0.5
FILLED = 126
"""Tokens that units share a window for; what a token costs grows with what is read beside it."""
_NEAR = 0.35
"""Cosine below which nothing in the text is about the request, going by word vectors."""
_READ_NEAR = 0.17
"""The same, going by the model."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Scores in text order; `vague`: the request says nothing that the text answers to."""

    scores: Scores
    mode: str
    vague: bool


@dataclass(frozen=True, slots=True)
class Effort:
    """How much the model may do: at most `tokens` of the text, done by `until` (monotonic)."""

    tokens: int = 0
    until: float = 0.0


def ranked(
    texts: Sequence[str], query: str, static: Static, worker: Worker | None, effort: Effort
) -> Ranking:
    """Rank the units of one text."""
    import numpy as np

    words = np.asarray(lexical.scores(query, texts), np.float32)
    rows = [static.wordpiece.ids(text) for text in texts]
    asked = static.wordpiece.ids(query)[-WINDOW:]
    vectors = static.vectors([*rows, asked])
    near = vectors[:-1] @ vectors[-1]
    vague = not words.any() and (near.size == 0 or float(near.max()) < _NEAR)
    scores = _LEXICAL * z(words) + z(near)
    if worker is None or effort.tokens <= 0:
        return Ranking(scores, "static", vague)
    chosen = _windows(rows, scores, effort.tokens)
    states = worker.states([asked, *(_joined(rows, w) for w in chosen)], effort.until)
    if states is None:
        return Ranking(scores, "static", vague)
    read = _read(rows, chosen, states)
    if vague and float(np.nanmax(read, initial=-1.0)) >= _READ_NEAR:
        vague = False
    return Ranking(_refined(scores, words, read), "model", vague)


def _windows(rows: Sequence[Sequence[int]], scores: Scores, limit: int) -> list[list[int]]:
    """The windows to encode: cut by content alone, the most promising first, up to `limit`.

    A unit that is too long to share one has its own.
    """
    windows: list[list[int]] = [[]]
    room = FILLED
    for i, row in enumerate(rows):
        if len(row) > room and windows[-1]:
            windows.append([])
            room = FILLED
        windows[-1].append(i)
        room -= len(row)
    best = sorted(range(len(windows)), key=lambda w: (-max(scores[i] for i in windows[w]), w))
    chosen: list[list[int]] = []
    for w in best:
        size = sum(min(len(rows[i]), WINDOW) for i in windows[w])
        if size > limit:
            break
        limit -= size
        chosen.append(windows[w])
    return chosen


def _joined(rows: Sequence[Sequence[int]], window: Sequence[int]) -> list[int]:
    return [token for i in window for token in rows[i]][:WINDOW]


def _read(
    rows: Sequence[Sequence[int]], chosen: Sequence[Sequence[int]], states: Sequence[Scores]
) -> Scores:
    """How near each unit is to the request in the model's eyes; NaN where it has not looked."""
    import numpy as np

    asked = unit_length(states[0].mean(axis=0, keepdims=True))[0]
    near = np.full(len(rows), np.nan, np.float32)
    for window, state in zip(chosen, states[1:], strict=True):
        at = 0
        for i in window:
            mine = state[at : at + len(rows[i])]
            at += len(rows[i])
            if len(mine):
                near[i] = float(unit_length(mine.mean(axis=0, keepdims=True))[0] @ asked)
    return near


def _refined(scores: Scores, words: Scores, near: Scores) -> Scores:
    """The scores with the model's opinion where there is one, words weighing half of it again."""
    import numpy as np

    seen = ~np.isnan(near)
    if not seen.any():
        return scores
    refined: Scores = scores.copy()
    refined[seen] += _LEXICAL * z(words)[seen] + z(near[seen])
    # What the model has not read was left out because it looked worse: it stays behind.
    if not seen.all():
        best = float(np.max(refined[seen]))
        refined[~seen] = np.minimum(scores[~seen], best) - 1.0
    return refined


def z(values: Scores) -> Scores:
    """Standard scores; zeros where all are equal."""
    spread = float(values.std()) if values.size else 0.0
    if spread < 1e-6:
        scaled: Scores = values * 0
        return scaled
    standard: Scores = (values - values.mean()) / spread
    return standard
