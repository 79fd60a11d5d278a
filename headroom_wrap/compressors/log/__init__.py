"""Logs of any format: templates, and what stands out from them."""

from __future__ import annotations

import re
from dataclasses import replace

from headroom_wrap.compressors._gain import gained
from headroom_wrap.compressors.log import ditto
from headroom_wrap.compressors.log.fold import fold
from headroom_wrap.detect import shape
from headroom_wrap.detect.commands import programs
from headroom_wrap.detect.files import Nature, nature
from headroom_wrap.relevance import wanted
from headroom_wrap.types import Ask, Origin, Squeezed

NAME = "log"

_LOGGERS = frozenset("journalctl dmesg logcat logread stern kubetail tail multitail lnav".split())
_WITH_LOGS = frozenset(
    "docker podman kubectl oc nerdctl docker-compose heroku fly gcloud aws pm2 vercel adb".split()
)
# A bracket may also hold a time: `[    0.000000] `, `[2026-01-31 10:00:00,123] `.
_STRUCTURED = re.compile(r"\s*(?:\{|\[\s*(?:[{\[\"\]]|-?[\d.eE+-]+\s*(?:,|\]\s*(?:,|\Z)|\n)))")
_WHERE = re.compile(r"[\w.~*-]/|^/|\.\w+$|^['\"]?[-+]?\d[\d,]*[a-z$]?['\"]?$")
_LEAST_GAIN = 0.05


def score(text: str, origin: Origin) -> float:
    if _STRUCTURED.match(text):
        return 0.0
    likeness = shape.log_likeness(text)
    named = bool(origin.path) and nature(origin.path) is Nature.WRITTEN
    for program in programs(origin.command):
        named = named or program.name in _LOGGERS
        named = named or (program.name in _WITH_LOGS and bool({"logs", "events"} & {*program.args}))
        named = named or any(arg.endswith((".log", "log")) for arg in program.operands)
    if likeness >= 0.6:
        return 1.0 if named else 0.8
    return 0.6 if named and likeness > 0.1 else 0.55 if likeness > 0.3 else 0.5 * named


def squeeze(text: str, origin: Origin, ask: Ask) -> Squeezed | None:
    """At `exact` ditto marks; above it dull lines counted, and ditto marks for the others."""
    asked = wanted(f"{ask.query}\n{_sought(origin.command)}", text.split("\n"))
    folded = fold(text, asked, NAME) if ask.level.folds else None
    if folded is None:
        written = ditto.write(text, asked, messages=True)
        exact = Squeezed(written, NAME, exact=True)
        return gained(text, exact) if _pays(written, text) else None
    written = ditto.write(folded.text, asked)
    pays = _pays(written, folded.text)
    return gained(text, replace(folded, text=written) if pays else folded)


def _sought(command: str) -> str:
    """The command without the files that it reads and the numbers of lines."""
    return " ".join(word for word in command.split() if not _WHERE.search(word))


def expand(text: str) -> str:
    """The lines behind the ditto marks."""
    return ditto.restore(text) if text.startswith(ditto.LEGEND + "\n") else text


def _pays(written: str, text: str) -> bool:
    return len(written) < (1 - _LEAST_GAIN) * len(text)
