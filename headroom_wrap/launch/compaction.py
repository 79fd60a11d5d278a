"""Keeps an agent from spending what we save on a longer context.

Agents compact their context when the usage they see reaches a limit. What they see is shortened,
so without us changing the limit they go on for longer: that is what most people want, and the
default. For the lower bill the limit shrinks with what is left of the context on average.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from headroom_wrap import report
from headroom_wrap.ledger import Row
from headroom_wrap.profiles import Profile

_ENOUGH = 50
_LEAST = 0.5


def kept_ratio(rows: Iterable[Row], agent: str) -> float:
    """What is left of this user's prompts; 1.0 until there is enough to tell."""
    sums = report.total(row for row in rows if row.agent == agent and not row.observed)
    whole = sums.input + sums.tokens_saved
    if sums.requests < _ENOUGH or not sums.input or sums.tokens_saved <= 0:
        return 1.0
    return max(sums.input / whole, _LEAST)


def balanced(
    profile: Profile, ratio: float, arguments: Sequence[str], environ: Mapping[str, str]
) -> tuple[dict[str, str], list[str]]:
    """Variables and arguments that scale the agent's limit; none where it has no such setting."""
    table = profile.compaction
    if not table or ratio >= 1.0:
        return {}, []
    variable, option = table.get("variable", ""), table.get("option", "")
    if variable:
        given = environ.get(variable, "")
        base = int(given) if given.isdigit() else int(table["window"])
        return {variable: str(int(base * ratio))}, []
    if not option or any(option in argument for argument in arguments):
        return {}, []
    return {}, ["-c", f"{option}={int(int(table['window']) * ratio)}"]
