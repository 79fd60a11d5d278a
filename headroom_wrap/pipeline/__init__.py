"""Request body in, shorter request body out: replay verdicts, judge what is new, keep originals."""

from __future__ import annotations

from headroom_wrap.pipeline.account import Situation
from headroom_wrap.pipeline.conversation import Conversation
from headroom_wrap.pipeline.core import Pipeline, Record, Shortened
from headroom_wrap.pipeline.judge import Judge

__all__ = ["Conversation", "Judge", "Pipeline", "Record", "Shortened", "Situation"]
