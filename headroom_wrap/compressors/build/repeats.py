"""Diagnostics of one kind: the first few in full, the places and words of the others listed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from headroom_wrap.compressors._again import clean
from headroom_wrap.compressors._labels import QUIET, SHOWN
from headroom_wrap.compressors._steps import Name, nameable
from headroom_wrap.compressors.build.diagnostics import Diagnostic

# Codes with numbers have one wording each; names of flags have several.
_NUMBERED = re.compile(r"[A-Z]+\d+$")
Kind = tuple[str, str, str]

_FULL = 2
# So many errors are a list to work through: of each kind the places and words tell enough.
_MANY_ERRORS = 100
_FULL_ERRORS = 4
_LONGEST_FACTS = 120
_LONGEST_KIND = 60
_DETAIL = "line of detail|lines of detail"


def label_repeats(
    lines: Sequence[str],
    labels: list[str],
    names: dict[int, Name],
    found: Sequence[Diagnostic],
    asked: Callable[[str], bool],
) -> None:
    """Label the diagnostics that say again what others of their kind said, in place."""
    listed = sum(one.severity == "error" for one in found) > _MANY_ERRORS
    common = _common(found)
    seen: Counter[Kind] = Counter()
    messages: set[str] = set()
    told: set[tuple[str, tuple[str, ...]]] = set()
    for one in found:
        kind = _kind(one)
        full = seen[kind] < _FULL
        known = one.message in messages or (listed and seen[kind] >= _FULL_ERRORS)
        fact = (one.message, one.facts)
        new = tuple(word for word in one.facts if word not in common[kind])
        if full or any(map(asked, lines[one.start : one.end])):
            seen[kind] += 1
            _show(labels, one.start, one.end)
        elif (known or one.severity != "error") and _tellable(one, new, fact in told):
            _hide(labels, names, one, new, fact in told)
        else:
            seen[kind] += 1
            _show(labels, one.start, one.head + 1)
            labels[one.head + 1 : one.end] = [_DETAIL] * (one.end - one.head - 1)
        messages.add(one.message)
        told.add(fact)


def _kind(one: Diagnostic) -> Kind:
    return one.severity, one.code, "" if _NUMBERED.match(one.code) else one.template


def _common(found: Sequence[Diagnostic]) -> dict[Kind, set[str]]:
    """The words that all diagnostics of a kind hold: the first ones have told them."""
    common: dict[Kind, set[str]] = {}
    for one in found:
        common.setdefault(_kind(one), set(one.facts)).intersection_update(one.facts)
    return common


def _tellable(one: Diagnostic, new: Sequence[str], told: bool) -> bool:
    """Whether a place and a few words say all that is new."""
    words = "; ".join(new)
    if (one.path and not nameable(one.path + one.place)) or not (told or nameable(words)):
        return False
    return told or len(words) <= _LONGEST_FACTS


def _hide(
    labels: list[str], names: dict[int, Name], one: Diagnostic, new: Sequence[str], told: bool
) -> None:
    labels[one.start : one.end] = [QUIET] * (one.end - one.start)
    kind = one.code or f"“{clean(one.template)}”"
    words = f" ({'; '.join(new)})" if new else ""
    if told:
        words = f" ({'; '.join(one.facts)})" if one.facts else ""
        short = nameable(words) and len(words) <= _LONGEST_KIND
        short = short or (not words and _NUMBERED.match(one.code) is not None)
        kind, words = (kind + words if short else f"{one.code} “{clean(one.message)}”".strip()), ""
    labels[one.head] = one.severity
    names[one.head] = Name(f"{one.place}{words}".lstrip(), one.path, f"{kind} as above")


def _show(labels: list[str], start: int, end: int) -> None:
    labels[start:end] = [SHOWN] * (end - start)
