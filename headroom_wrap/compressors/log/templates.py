"""Log lines grouped by what was printed: the same words around other numbers, ids and names."""

from __future__ import annotations

import functools
import itertools
import operator
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# A number and what hangs on it (ids, times, addresses), or a short hex word that begins with a-f.
# What either begins with stands in front: other characters are passed over much faster so.
_PARAMETER = re.compile(
    r"([\da-f](?:(?<=\d)\w*(?:[-.:]\w*\d\w*)*"
    r"|(?<=\b[a-f])[a-f]{0,6}\d[0-9a-f]{3,}(?:-[0-9a-f]+)*\b))"
)
_ANY = "*"
_NUL = "\0"

ALERT = re.compile(
    r"(?:\b|_)(?:warn(?:ing)?s?|err(?:or)?s?|fatal|crit(?:ical)?|severe|alert|emerg(?:ency)?|panic\w*|"
    r"fail(?:ed|ures?|s|ing)?|abort\w*|den(?:y|ied)|refused|reject\w*|timed?[ -]?out|timeout|"
    r"kill(?:ed|ing)?|oom|crash\w*|corrupt\w*|unable|cannot|can't|couldn't|could not|invalid|"
    r"unreachable|lost|missing|not found|traceback|assert\w*|unexpected|illegal|violation|dropped|"
    r"expired|exceeds?|exceeded|down|unavailable|broken|mismatch\w*|did not|halt\w*|stuck)(?:\b|_)"
    r"|\w(?:Exception|Error|Warning|Failure|(?<!de)Fault)\b|\b[EF]\d{4} |^[EF]/|\*\*\*"
    # The levels of programs that speak to their users.
    r"|\b(?:fehler|warnung|erreur|échec|avertissement|fallo|advertencia|falha|erro\b|ошибк|сбой)"
    r"|\bпредупрежд|错误|失败|异常|警告|超时|拒绝|錯誤|失敗|異常|逾時|エラー|例外|오류|실패|경고|예외",
    re.IGNORECASE,
)

_HEADER_TOKENS = 12
_WORDS_KEPT = 1 << 14
_SAMPLED_KEYS = 2000
_MANY_VALUES = 6
_MAX_TOKENS = 40


@dataclass(frozen=True, slots=True)
class Groups:
    """`of[i]` is the group of line i; `names` are the groups' texts with parameters starred.

    The parameters of line i are `found[begin[i] : begin[i + 1]]`.
    """

    of: Sequence[int]
    names: Sequence[str]
    counts: Sequence[int]
    found: Sequence[str]
    begin: Sequence[int]

    def parameters(self, line: int) -> Sequence[str]:
        """What stands in a line where its template has stars."""
        return self.found[self.begin[line] : self.begin[line + 1]]


@functools.lru_cache(_WORDS_KEPT)
def alarming(word: str) -> bool:
    """Whether a word (or a template) tells of trouble."""
    return ALERT.search(word) is not None


def group(text: str) -> Groups:
    """The lines of `text` (parted at newlines) by template."""
    parted = _PARAMETER.split(text)
    keys = _ANY.join(parted[::2]).split("\n")
    stars = list(map(str.count, keys, itertools.repeat(_ANY)))
    if _ANY in text:
        own = map(str.count, text.split("\n"), itertools.repeat(_ANY))
        stars = list(map(operator.sub, stars, own))
    seen: dict[str, int] = {}
    first = [seen.setdefault(key, len(seen)) for key in keys]
    counts = Counter(first)
    merged = _merge(list(seen), counts)
    names: dict[str, int] = {}
    renumbered = [names.setdefault(name, len(names)) for name in merged]
    of = [renumbered[i] for i in first]
    total = Counter(of)
    told = [total[i] for i in range(len(names))]
    return Groups(of, list(names), told, parted[1::2], [0, *itertools.accumulate(stars)])


def _merge(keys: list[str], counts: Counter[int]) -> list[str]:
    """A name for each key; keys that differ only in hosts, threads, paths and users share one."""
    split = [key.split(" ") for key in keys]
    _star_header(split)
    names = [" ".join(words) for words in split]
    total: Counter[str] = Counter()
    for i, name in enumerate(names):
        total[name] += counts[i]
    scarce = list(dict.fromkeys(name for name in names if total[name] <= 3))[:_SAMPLED_KEYS]
    wider = _star_values(scarce)
    wider |= _star_paths([name for name in scarce if name not in wider])
    return [wider.get(name, name) for name in names]


def _star_header(split: list[list[str]]) -> None:
    """Star the leading positions that only tell machines, threads or files apart, in place.

    Such a position makes many templates out of few: without it at least a fifth of them fall
    together. Words that tell of trouble stay.
    """
    sample = split[:_SAMPLED_KEYS]
    if len(sample) < 10:
        return
    starred: set[int] = set()
    left = len({" ".join(words) for words in sample})
    for position in range(_HEADER_TOKENS):
        trial = {_NUL.join(_without(words, (position,))) for words in sample}
        if len(trial) < 0.8 * left:
            starred.add(position)
            sample = [_without(words, (position,)) for words in sample]
            left = len(trial)
    if starred:
        for i, words in enumerate(split):
            split[i] = _without(words, starred)


def _without(words: list[str], positions: Iterable[int]) -> list[str]:
    """The words with stars at some positions; the same list where nothing changes."""
    for position in positions:
        if position < len(words) and words[position] != _ANY and not alarming(words[position]):
            words = [*words[:position], _ANY, *words[position + 1 :]]
    return words


def _star_paths(names: list[str]) -> dict[str, str]:
    """New names for those that differ from many others in paths, and in one word beside them."""
    pathless = {name: _pathless(name) for name in names if "/" in name}
    wider = _star_values(list(dict.fromkeys(pathless.values())))
    families: dict[str, list[str]] = defaultdict(list)
    for name, told in pathless.items():
        families[wider.get(told, told)].append(name)
    many = {f: members for f, members in families.items() if len(members) >= _MANY_VALUES}
    return {member: family for family, members in many.items() for member in members}


def _pathless(name: str) -> str:
    words = name.split(" ")
    return " ".join(_ANY if "/" in word and not alarming(word) else word for word in words)


def _star_values(names: list[str]) -> dict[str, str]:
    """New names for those that differ from many others in one word only."""
    families: dict[str, list[str]] = defaultdict(list)
    for name in names:
        words = name.split(" ")
        if len(words) > _MAX_TOKENS:
            continue
        for i, word in enumerate(words):
            if word and word != _ANY and not alarming(word):
                words[i] = _NUL
                families[" ".join(words)].append(name)
                words[i] = word
    wider: dict[str, str] = {}
    for family, members in families.items():
        if len(members) >= _MANY_VALUES:
            for member in members:
                wider.setdefault(member, family.replace(_NUL, _ANY))
    return wider
