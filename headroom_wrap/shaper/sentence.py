"""The one sentence, by number: a conversation keeps the one that it began with, for ever."""

from __future__ import annotations

# New wordings get new numbers: another text under an old one would break what is cached, and
# reasoning that the provider ties to everything before it. At most 20 tokens of o200k each.
SENTENCES = {
    1: "Keep replies to the user brief: no preamble, no recap, no restated code.",
}
LATEST = max(SENTENCES)
