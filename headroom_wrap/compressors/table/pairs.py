"""Long reports of one name and one value a line: what is zero and what nobody asked is counted."""

from __future__ import annotations

import re

from headroom_wrap.compressors._fold import fold_ranges, plural
from headroom_wrap.compressors._gain import gained
from headroom_wrap.compressors.jsontable import choose
from headroom_wrap.compressors.jsontable.columns import Flat
from headroom_wrap.compressors.jsontable.relevant import Relevance
from headroom_wrap.detect import shape
from headroom_wrap.relevance import wanted
from headroom_wrap.types import Ask, Squeezed

NAME = "table"

_PAIR = re.compile(
    r"\s{0,8}[A-Za-z_][\w.()*-]*(?:(?: [\w.()-]+){0,5}?(?: *[:=] +|  +|\t+|:$)|[:=])(?P<value>.*)$"
    r"|[A-Za-z_]\w* (?P<number>-?\d+)$"
)
_NOTHING = re.compile(r"(?:-?0(?:[.:]0+)*%?(?: *k?B)?|0 +0[.0]*|\(null\)|none|unset|\"\"|-1)?")
_HEADING = re.compile(r"\s*(?:$|[#\[=]|--)")
_SAMPLE, _MOSTLY = 60, 0.9
_FEWEST, _MANY = 40, 150
# A question about one thing may find it in many names.
_RARE = 0.25


def are_pairs(text: str) -> bool:
    """Whether nearly all lines are a name and a value, and no log."""
    lines = [line for line in shape.sample(text, _SAMPLE) if not _HEADING.match(line)]
    if len(lines) < _FEWEST or shape.log_likeness(text) > 0.2:
        return False
    # What is set further in belongs to what stands above, as in YAML.
    if sum(line[0].isspace() for line in lines) > (1 - _MOSTLY) * len(lines):
        return False
    return sum(1 for line in lines if _PAIR.match(line[:200])) >= _MOSTLY * len(lines)


def squeeze(text: str, ask: Ask, command: str) -> Squeezed | None:
    """The report without its zeros, and, where many others are left, without the usual ones."""
    lines = text.split("\n")
    found = {i: m for i, line in enumerate(lines) if (m := _PAIR.match(line[:400]))}
    if not ask.level.folds or len(found) < _FEWEST:
        return None
    asked = wanted(f"{ask.query}\n{command}", lines, _RARE)
    values = {i: (m["value"] or m["number"] or "").strip() for i, m in found.items()}
    zeros = {i for i, value in values.items() if _NOTHING.fullmatch(value)}
    hidden = set(zeros)
    rest = [i for i in values if i not in zeros]
    if len(rest) > _MANY:
        flats = [
            Flat(("name",), [lines[i].strip() for i in rest]),
            Flat(("value",), [values[i] for i in rest]),
        ]
        kept = choose.keep(flats, rest, Relevance("", [lines[i] for i in rest]), lean=False)
        hidden |= set(rest) - {rest[k] for k in kept}
    keep = [i not in hidden or asked(line) for i, line in enumerate(lines)]

    def words(start: int, end: int) -> str:
        none = sum(i in zeros for i in range(start, end))
        some = f"{none} of them " if none < end - start else ""
        return plural(end - start, "row") + f", {some}0 or empty" * (none > 0)

    shown, gaps = fold_ranges(lines, keep, words)
    return gained(text, Squeezed(shown, NAME, exact=False, gaps=gaps)) if gaps else None
