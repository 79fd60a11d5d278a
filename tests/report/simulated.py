"""Conversations as agents have them, with an effect that is known: skewed, alike within."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from headroom_wrap.report.output.effect import Sample

# Output tokens of an answer to each kind of turn, and how often each kind comes.
_KINDS = {"user": (400.0, 0.1), "result": (150.0, 0.75), "error": (250.0, 0.15)}
_MODELS = {"large": (1.0, 0.7), "small": (2.0, 0.3)}


@dataclass(frozen=True)
class World:
    """How many conversations there are, how many are held out, and what the sentence really cuts.

    `between` and `within` are the spreads (of the logarithm) of conversations and of answers.
    """

    conversations: int = 300
    holdout: float = 0.1
    cut: float = 0.15
    between: float = 0.5
    within: float = 1.0

    def samples(self, seed: int) -> Iterator[Sample]:
        """One data set."""
        random = np.random.default_rng(seed)
        shares = [share for _, share in _KINDS.values()]
        models = list(_MODELS)
        for number in range(self.conversations):
            model = models[random.choice(2, p=[share for _, share in _MODELS.values()])]
            held = random.random() < self.holdout
            scale = _MODELS[model][0] * np.exp(random.normal(0, self.between))
            turns = random.multinomial(int(np.exp(random.normal(2.2, 0.8))), shares)
            # Each begins with somebody's words.
            turns[0] += 1
            for (kind, (mean, _)), count in zip(_KINDS.items(), turns, strict=True):
                if count:
                    said = np.exp(random.normal(0, self.within, count)).sum() * mean * scale
                    said *= 1.0 if held else 1.0 - self.cut
                    yield Sample(str(number), f"{model} {kind}", not held, int(count), float(said))
