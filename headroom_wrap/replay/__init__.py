"""Recorded sessions sent through the real pipeline, to see what the bill would have been."""

from __future__ import annotations

from headroom_wrap.replay.run import Outcome, replay
from headroom_wrap.replay.transcripts import Transcript, find, read

__all__ = ["Outcome", "Transcript", "find", "read", "replay"]
