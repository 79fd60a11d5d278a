"""Diagnostics of one kind: the first few in full, the places and words of the others listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from headroom_wrap.compressors._again import clean
from headroom_wrap.compressors._labels import QUIET, SHOWN
from headroom_wrap.compressors._steps import Name, nameable
from headroom_wrap.compressors.build.diagnostics import NUMBERED, Diagnostic

# Codes with numbers have one wording each; names of flags have several.
Kind = tuple[str, str, str]

_FULL = 2
# So many errors are a list to work through: of each kind the places and words tell enough.
_MANY_ERRORS = 40
_FULL_ERRORS = 4
# Of very many findings these places are told of each kind, and the others counted.
_MANY, _PLACES = 60, 10
_LABELS = {word: f"{word} finding" for word in ("style", "performance", "portability", "info")}
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
    wordings = _wordings(found)
    many = len(found) > _MANY
    hidden: Counter[Kind] = Counter()
    seen: Counter[Kind] = Counter()
    messages: set[str] = set()
    told: set[tuple[str, tuple[str, ...]]] = set()
    for one in found:
        kind = _kind(one)
        # With a code, what is said word for word again needs nothing but its place.
        again = bool(one.code) and one.severity != "error" and one.message in messages
        full = seen[kind] < _FULL and not again
        known = one.message in messages or (listed and seen[kind] >= _FULL_ERRORS)
        fact = (one.message, one.facts)
        new = tuple(word for word in one.facts if word not in common[kind])
        if full or any(map(asked, lines[one.start : one.end])):
            seen[kind] += 1
            _show(labels, one.start, one.end)
        elif (known or one.severity != "error") and _tellable(one, new, fact in told):
            _hide(labels, names, one, new, fact in told, wordings[one.code] == 1)
            hidden[kind] += fact in told
            style = one.severity == "finding" or (one.severity == "warning" and not one.path)
            if many and style and one.code and fact in told and hidden[kind] > _PLACES:
                names[one.head] = Name("", "", f"{one.code} as above")
        else:
            seen[kind] += 1
            _show(labels, one.start, one.head + 1)
            labels[one.head + 1 : one.end] = [_DETAIL] * (one.end - one.head - 1)
        messages.add(one.message)
        told.add(fact)


def _kind(one: Diagnostic) -> Kind:
    return one.severity, one.code, "" if NUMBERED.match(one.code) else one.template


def _common(found: Sequence[Diagnostic]) -> dict[Kind, set[str]]:
    """The words that all diagnostics of a kind hold: the first ones have told them."""
    common: dict[Kind, set[str]] = {}
    for one in found:
        common.setdefault(_kind(one), set(one.facts)).intersection_update(one.facts)
    return common


def _wordings(found: Sequence[Diagnostic]) -> Counter[str]:
    """How many wordings each code stands for."""
    return Counter(code for code, _ in {(one.code, one.template) for one in found})


def _tellable(one: Diagnostic, new: Sequence[str], told: bool) -> bool:
    """Whether a place and a few words say all that is new."""
    words = "; ".join(new)
    if (one.path and not nameable(one.path + one.place)) or not (told or nameable(words)):
        return False
    return told or len(words) <= _LONGEST_FACTS


def _hide(
    labels: list[str],
    names: dict[int, Name],
    one: Diagnostic,
    new: Sequence[str],
    told: bool,
    alone: bool,
) -> None:
    """Label a diagnostic with its place and words; of a code that stands for one wording `alone`
    that says enough."""
    labels[one.start : one.end] = [QUIET] * (one.end - one.start)
    kind = one.code or f"“{clean(one.template)}”"
    words = f" ({'; '.join(new)})" if new else ""
    if told:
        words = f" ({'; '.join(one.facts)})" if one.facts else ""
        short = nameable(words) and len(words) <= _LONGEST_KIND
        known = alone and bool(one.code)
        short = short or (not words and (known or NUMBERED.match(one.code) is not None))
        kind, words = (kind + words if short else f"{one.code} “{clean(one.message)}”".strip()), ""
    labels[one.head] = _LABELS.get(one.severity, one.severity)
    names[one.head] = Name(f"{one.place}{words}".lstrip(), one.path, f"{kind} as above")


def _show(labels: list[str], start: int, end: int) -> None:
    labels[start:end] = [SHOWN] * (end - start)
