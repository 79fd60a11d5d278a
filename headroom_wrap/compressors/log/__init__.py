"""Logs of any format: templates, and what stands out from them."""

from __future__ import annotations

import re

from headroom_wrap.compressors.log.fold import fold
from headroom_wrap.detect import shape
from headroom_wrap.detect.commands import programs
from headroom_wrap.detect.files import Nature, nature
from headroom_wrap.types import Ask, Origin, Squeezed

NAME = "log"

_LOGGERS = frozenset("journalctl dmesg logcat logread stern kubetail tail multitail lnav".split())
_WITH_LOGS = frozenset(
    "docker podman kubectl oc nerdctl docker-compose heroku fly gcloud aws pm2 vercel adb".split()
)
_STRUCTURED = re.compile(r"\s*(?:\{|\[\s*[{\[\"\d\]])")


def score(text: str, origin: Origin) -> float:
    likeness = shape.log_likeness(text)
    named = bool(origin.path) and nature(origin.path) is Nature.WRITTEN
    for program in programs(origin.command):
        named = named or program.name in _LOGGERS
        named = named or (program.name in _WITH_LOGS and bool({"logs", "events"} & {*program.args}))
        named = named or any(arg.endswith((".log", "log")) for arg in program.operands)
    if _STRUCTURED.match(text):
        return 0.0
    if likeness >= 0.6:
        return 1.0 if named else 0.8
    return 0.6 if named and likeness > 0.1 else 0.55 if likeness > 0.3 else 0.5 * named


def squeeze(text: str, origin: Origin, ask: Ask) -> Squeezed | None:
    if not ask.level.folds:
        return None
    return fold(text, f"{ask.query}\n{origin.command}", NAME)


def expand(text: str) -> str:
    return text
