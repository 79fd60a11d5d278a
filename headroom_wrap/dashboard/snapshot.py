"""What the dashboard shows, at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from headroom_wrap.ledger import Row, Shown
from headroom_wrap.ledger.sums import Facts
from headroom_wrap.ledger.total import Total
from headroom_wrap.report.groups import facts

_RECENT = 300.0
_SAMPLE = 200


@dataclass(frozen=True, slots=True)
class Session:
    """One session; `limit` is the longest prompt of its model, 0 where that is not known."""

    facts: Facts
    total: Total
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """A tool result when it was first seen."""

    at: float
    session: str
    shown: Shown
    observed: bool = False


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`rows` are the latest exchanges, the newest first; with a `picked` session, only its own.

    `heard` is the number of all sessions, of which the latest are listed; `counting` that of the
    rows that are still to be added up.
    """

    at: float
    today: Total = field(default_factory=Total)
    ever: Total = field(default_factory=Total)
    sessions: tuple[Session, ...] = ()
    tools: Mapping[str, Total] = field(default_factory=dict)
    compressors: Mapping[str, Total] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()
    picked: str = ""
    heard: int = 0
    counting: int = 0
    problem: str = ""
    home: str = ""
    """The user's folder, which is shown as ~."""

    @property
    def current(self) -> Session | None:
        """The picked session, else the one that was heard of last."""
        if self.picked:
            named = (s for s in self.sessions if s.facts.session == self.picked)
            return next(named, None)
        return max(self.sessions, key=lambda session: session.facts.at, default=None)

    @property
    def results(self) -> list[Result]:
        """The latest results, the newest first."""
        return [
            Result(row.at, row.session, shown, row.observed)
            for row in self.rows
            for shown in reversed(row.new)
        ]

    @property
    def per_minute(self) -> float:
        """Requests per minute over the last five."""
        return sum(row.at > self.at - _RECENT for row in self.rows) / (_RECENT / 60)

    @property
    def cache_rate(self) -> float | None:
        """Of the latest prompts, the part that the provider read from its cache."""
        used = [row for row in self.rows[:_SAMPLE] if row.usage]
        prompts = sum(row.prompt for row in used)
        return sum(row.usage.cache_read for row in used if row.usage) / prompts if prompts else None

    def overhead(self, quantile: float) -> float:
        """Milliseconds of our own in the latest requests."""
        times = sorted(row.overhead_ms for row in self.rows[:_SAMPLE])
        return times[min(int(quantile * len(times)), len(times) - 1)] if times else 0.0


def as_json(snapshot: Snapshot) -> dict[str, Any]:
    """The snapshot with the names that scripts may rely on."""
    current = snapshot.current
    return {
        "at": snapshot.at,
        "today": facts(snapshot.today),
        "session": facts(current.total if current else Total()),
        "all": facts(snapshot.ever),
        "requests_per_minute": round(snapshot.per_minute, 2),
        "cache_rate": snapshot.cache_rate,
        "overhead_ms": {"p50": snapshot.overhead(0.5), "p95": snapshot.overhead(0.95)},
        "sessions": [_session(session) for session in snapshot.sessions],
        "tools": [{"tool": name, **facts(total)} for name, total in snapshot.tools.items()],
        "compressors": [
            {"compressor": name, **facts(total)} for name, total in snapshot.compressors.items()
        ],
        "results": [_result(result) for result in snapshot.results],
    }


def _session(session: Session) -> dict[str, Any]:
    known = session.facts
    return {
        "session": known.session,
        "agent": known.agent,
        "model": known.model,
        "project": known.project,
        "last_request": known.at,
        "observed": known.observed,
        "context": known.context,
        "context_limit": session.limit or None,
        **facts(session.total),
    }


def _result(result: Result) -> dict[str, Any]:
    shown = result.shown
    return {
        "at": result.at,
        "session": result.session,
        "hash": shown.hash,
        "tool": shown.tool,
        "command": shown.command,
        "compressor": shown.compressor,
        "reason": shown.reason,
        "before": shown.before,
        "after": shown.after,
        "observed": result.observed,
    }
