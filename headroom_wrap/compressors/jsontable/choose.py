"""Which rows of a long array stay: what was asked for, what stands out, one of each kind."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from typing import Any

from headroom_wrap.compressors.jsontable.cells import ABSENT
from headroom_wrap.compressors.jsontable.columns import Flat, name
from headroom_wrap.compressors.jsontable.relevant import Relevance
from headroom_wrap.compressors.jsontable.source import Spelled, spell

_FIRST, _LAST = 3, 2
_ALARM = re.compile(
    r"\b(?:error|fatal|critical|severe|panic|exception|fail(?:ed|ure|ing)?|crash\w*|abort\w*|"
    r"timed?[ -]?out|refused|denied|rejected|killed|oom|unhealthy|degraded|evicted|backoff|"
    r"blocker|corrupt\w*|unreachable|unavailable)\b|Error\b|Exception\b|BackOff",
    re.IGNORECASE,
)
# One of these stands in every alarm: many values without any are passed over at once.
_ALARMING = (
    "error fatal critical severe panic exception fail crash abort time refused denied rejected "
    "killed oom unhealthy degraded evicted backoff blocker corrupt unreachable unavailable"
).split()
_LEVELS = frozenset("trace debug info notice warn warning error fatal critical normal".split())
_WARNINGS = frozenset("warn warning".split())
_STATUS = re.compile(r"status|code|exit", re.IGNORECASE)
_MASK = re.compile(r"[0-9a-f]*\d[0-9a-f]*|[0-9a-f]{8,}")
# A sign that more rows carry than this tells them not apart.
_MOST_ALARMS = 0.4
_MOST_KINDS = 0.12
_MOST_RARE = 0.02
# Messages have so many words; a word that fewer rows have is an id or a name.
_LEAST_WORDS = 3
_LEAST_SAME = 5
_SAME_SHARE = 0.04
_MOST_FAR = 0.05
_LEAST_NUMBERS = 20
_FAR = 6.0


def are_events(flats: list[Flat]) -> bool:
    """Whether rows are records of a log: one column has its levels."""
    return any(map(_has_levels, flats))


def _has_levels(flat: Flat) -> bool:
    values = {value for value in flat.values if type(value) is str}
    return sum(value.lower() in _LEVELS for value in values) > 1


def varies(flat: Flat) -> bool:
    """Whether a column has more than one value."""
    first = flat.values[0]
    return any(value is not first and value != first for value in flat.values)


def texts(flats: list[Flat], rows: list[Any], keys: list[str] | None) -> list[str]:
    """What each row says that not all rows say."""
    if not flats:
        told = [spell(row) for row in rows]
    else:
        columns = [[_text(value) for value in flat.values] for flat in flats]
        told = ["\n".join(row) for row in zip(*columns, strict=True)]
    return [f"{key}\n{text}" for key, text in zip(keys, told, strict=True)] if keys else told


def _text(value: Any) -> str:
    if value is ABSENT:
        return ""
    return str(value) if isinstance(value, str) else spell(value)


def keep(flats: list[Flat], rows: list[Any], relevance: Relevance, lean: bool) -> list[int]:
    """The numbers of the rows that stay, in order."""
    count = len(rows)
    chosen = {*range(min(_FIRST, count)), *range(max(0, count - _LAST), count)}
    chosen |= relevance.rows
    for flat in flats:
        chosen |= _alarms(flat) | _outliers(flat)
    chosen |= _warnings(flats, chosen)
    for flat in flats:
        chosen |= _kinds(flat, lean, chosen)
    return sorted(chosen)


def _alarms(flat: Flat) -> set[int]:
    """Rows with a word of trouble, or an HTTP or exit status that means it."""
    found: dict[Any, bool] = {}
    status = _STATUS.search(name(flat.path)) is not None
    calm = _are_calm(flat.values)
    for value in flat.values:
        if isinstance(value, str) and value not in found:
            if type(value) is Spelled:
                found[value] = status and _bad_status(value)
            else:
                found[value] = not calm and _is_alarm(value)
    hits = {i for i, v in enumerate(flat.values) if isinstance(v, str) and found[v]}
    return hits if len(hits) <= _MOST_ALARMS * len(flat.values) else set()


def _warnings(flats: list[Flat], chosen: set[int]) -> set[int]:
    """Of warnings that say the same one, unless a chosen row is one of them."""
    levels = next((flat for flat in flats if _has_levels(flat)), None)
    if levels is None:
        return set()
    rows = [i for i, v in enumerate(levels.values) if type(v) is str and v.lower() in _WARNINGS]
    told = [_repeated(flat, rows) for flat in flats if flat is not levels]
    said = max(told, key=lambda kinds: sum(map(len, kinds)), default=[])
    if not said:
        return set(rows)
    shown = {kind for i, kind in zip(rows, said, strict=True) if i in chosen}
    return {rows[said.index(kind)] for kind in set(said) - shown}


def _repeated(flat: Flat, rows: list[int]) -> list[str]:
    """What a column says in these rows if that repeats, numbers left aside; else nothing."""
    if not all(type(flat.values[i]) is str for i in rows):
        return []
    kinds = [_kind(flat.values[i]) for i in rows]
    return kinds if 2 * len(set(kinds)) <= len(kinds) else []


def _are_calm(values: list[Any]) -> bool:
    """A cheap look: True means that no text among the values is an alarm."""
    told = "\n".join([value for value in values if type(value) is str]).lower()
    # Some other letters pass for those of the words when case is ignored.
    return told.isascii() and not any(word in told for word in _ALARMING)


def _is_alarm(text: str) -> bool:
    return _ALARM.search(text[:2_000]) is not None


def _bad_status(number: str) -> bool:
    return number.isdigit() and 400 <= int(number[:9]) <= 599


def _kinds(flat: Flat, lean: bool, chosen: set[int]) -> set[int]:
    """All rows of rare kinds of text, and one of each kind that none of the chosen rows shows."""
    values = _kinds_told(flat.values)
    counts = Counter(values)
    total = len(values)
    most = max(8, _MOST_KINDS * total)
    if len(counts) > most:
        return _rare_messages(values, most, chosen)
    limit = max(1, _MOST_RARE * total)
    rare = {value for value, count in counts.items() if count <= limit}
    found = {i for i, value in enumerate(values) if value in rare} | _turns(values)
    if lean and len(counts) > 8:
        return found
    shown = {values[i] for i in chosen | found}
    return found | {values.index(value) for value in counts if value not in shown}


def _kinds_told(values: list[Any]) -> list[str]:
    """`_kind` of each value; what a text says again is not worked out again."""
    texts = {value for value in values if type(value) is str}
    told = {text: _kind(text) for text in texts}
    return [told[value] if type(value) is str else _kind(value) for value in values]


def _kind(value: Any) -> str:
    """A text without its numbers; other values by what they are."""
    if type(value) is str:
        return _MASK.sub("0", value[:300])
    if type(value) is Spelled:
        return str(value)
    return _text(value)


def _rare_messages(values: list[str], most: float, chosen: set[int]) -> set[int]:
    """Rows whose message few others have, the rarest first, and one of each that many have."""
    wordings = _wordings(values)
    counts = Counter(wordings)
    if not 1 < len(counts) <= most:
        return set()
    rare: list[int] = []
    for limit in range(1, 1 + max(1, int(_MOST_RARE * len(values)))):
        rows = [i for i, wording in enumerate(wordings) if counts[wording] <= limit]
        if len(rows) > max(2, _MOST_RARE * len(values)):
            break
        rare = rows
    shown = {wordings[i] for i in chosen}
    usual = {w for w, count in counts.items() if count > _MOST_FAR * len(values)} - shown
    return {*rare, *(wordings.index(wording) for wording in usual)}


def _wordings(values: list[str]) -> list[str]:
    """Messages with their ids and names starred: the words that only few rows have."""
    rows = [value.split() for value in values]
    if sum(map(len, rows)) < _LEAST_WORDS * len(rows):
        return []
    counts = Counter(word for row in rows for word in set(row))
    least = max(_LEAST_SAME, _SAME_SHARE * len(rows))
    starred = ([word if counts[word] > least else "*" for word in row] for row in rows)
    return [" ".join(word for word, _ in itertools.groupby(row)) for row in starred]


def _turns(values: list[str]) -> set[int]:
    """Where a column that stays the same for long changes."""
    starts = [i for i in range(1, len(values)) if values[i] != values[i - 1]]
    return set(starts) if len(starts) <= len(values) // 25 else set()


def _outliers(flat: Flat) -> set[int]:
    """Numbers far off all others."""
    numbers = [(float(value), i) for i, value in enumerate(flat.values) if _is_number(value)]
    if len(numbers) < _LEAST_NUMBERS:
        return set()
    ranked = sorted(number for number, _ in numbers)
    low, middle, high = (ranked[len(ranked) * q // 4] for q in (1, 2, 3))
    spread = max(high - low, 1e-9 * max(abs(middle), 1.0))
    found = {i for number, i in numbers if abs(number - middle) > _FAR * spread}
    return found if len(found) <= max(2, _MOST_FAR * len(numbers)) else set()


def _is_number(value: Any) -> bool:
    return type(value) is Spelled and 0 < len(value) < 30 and value[0] not in "{["


def summary(flats: list[Flat], left: list[int]) -> str:
    """What the rows that are left out hold: counts of kinds, ranges of numbers."""
    told = []
    for flat in flats:
        values = [_text(flat.values[i]) for i in left if flat.values[i] is not ABSENT]
        counts = Counter(values)
        if 1 <= len(counts) <= 6 and len(values) == len(left) and max(map(len, counts)) <= 40:
            ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
            told.append(f"{name(flat.path)} " + " ".join(f"{v}×{n}" for v, n in ranked))
        elif len(values) == len(left) and all(_is_number(flat.values[i]) for i in left):
            ordered = sorted(values, key=float)
            told.append(f"{name(flat.path)} {ordered[0]} to {ordered[-1]}")
        if len(told) >= 6:
            break
    return (
        f"[… {len(left)} rows in all: {'; '.join(told)}]"
        if told
        else f"[… {len(left)} rows in all]"
    )
