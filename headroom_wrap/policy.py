"""Which blocks may be shortened at all, decided from what stands in and before them."""

from __future__ import annotations

from headroom_wrap.detect import reads
from headroom_wrap.types import Block, Squeezed

# Part of the contract with stored verdicts: a block below it is never looked up.
SHORT_CHARS = 600
SHORT_TOKENS = 200
# No agent lets a model read as much; judging it would only hold up the request.
LARGE_CHARS = 8 << 20

KEPT_SHORT = "kept: short"
KEPT_LARGE = "kept: too large to judge"
KEPT_FILE = "kept: file text, may be edited"
KEPT_ERROR = "kept: an error"
KEPT_OURS = "kept: an original read back"
KEPT_REPEATED = "kept: asked for again"
KEPT_DEAR = "kept: this session costs more than it saves"
KEPT_FULL = "kept: over the quota"
KEPT_NO_GAIN = "kept: nothing to gain"
KEPT_FAILED = "kept: shortening failed"
KEPT_UNSTORED = "kept: the original could not be stored"
SHORTENED = "shortened"

# Their folds keep every failure; of other results flagged as errors nothing is left out.
_FOLDS_ERRORS = frozenset({"testrun", "build", "install"})


def protected(block: Block, spill: str) -> str:
    """Why a block must not be changed, or "". `spill` is the folder of originals, if any."""
    if reads_original(block, spill):
        return KEPT_OURS
    if reads.is_file_text(block.text, block.origin):
        return KEPT_FILE
    return ""


def reads_original(block: Block, spill: str) -> bool:
    """Whether the agent fetched an original of ours: that is never shortened again."""
    origin = block.origin
    if "headroom_retrieve" in origin.tool or "headroom get" in origin.command:
        return True
    return bool(spill) and (spill in origin.command or spill in origin.path)


def fit_for_error(result: Squeezed) -> bool:
    """Whether a result may stand for a text that the agent flagged as an error."""
    return result.exact or set(result.compressor.split("+")) <= _FOLDS_ERRORS
