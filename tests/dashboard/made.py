"""A snapshot made by hand, the same on every machine."""

from __future__ import annotations

from headroom_wrap.dashboard.snapshot import Session, Snapshot
from headroom_wrap.ledger import Row, Shown
from headroom_wrap.ledger.sums import Facts
from headroom_wrap.ledger.total import Total, of_result, total
from headroom_wrap.types import Usage

NOW = 1_795_608_000.0

CALLS = (
    ("Bash", "pytest -q tests/unit", "testrun", 7_400),
    ("Bash", "docker logs --tail 500 shop-api-1 2>&1 | grep -v health", "log", 9_100),
    ("Read", "/srv/shop/src/billing.py", "", 2_120),
    ("Bash", "rg -n 日本語 src/プロジェクト 🎉🎉", "search", 3_300),
    ("mcp__github__list_issues", "", "jsontable", 5_600),
    ("Bash", "printf '\x1b[31mred\x07\x1b]0;title\x07'\n", "terminal", 800),
)
SESSIONS = (
    ("4f2a", "claude", "claude-sonnet-4-5", "/home/ana/shop"),
    ("77b0", "codex", "gpt-5.5", "/home/ana/日本語プロジェクト/とても長い名前のフォルダ"),
    ("c9d1", "copilot", "claude-opus-4-8", "/srv/api"),
)


def rows(number: int = 90) -> list[Row]:
    """Exchanges, the newest first."""
    found = []
    for n in range(number):
        name, agent, model, project = SESSIONS[n % 3]
        tool, command, compressor, before = CALLS[n % len(CALLS)]
        after = before // (3 + n % 4) if compressor else before
        reason = "shortened" if compressor else "kept: file text, may be edited"
        old = 400 * n
        found.append(
            Row(
                at=NOW - (number - n) * 20,
                session=name,
                agent=agent,
                project=project,
                wire="anthropic",
                model=model,
                status=200,
                blocks=n,
                new_before=before,
                new_after=after,
                old_before=old,
                old_after=old // 2,
                new=[Shown(f"{n:032x}", tool, command, compressor, reason, before, after)],
                usage=Usage(4, 18_000 + old // 2, after, 0, 300),
                overhead_ms=3 + n % 9,
                broken=int(n == 70),
            )
        )
    return found[::-1]


def snapshot(number: int = 90) -> Snapshot:
    """What these exchanges come to."""
    found = rows(number)
    sessions = []
    for name, agent, model, project in SESSIONS:
        own = [row for row in found if row.session == name]
        if own:
            facts = Facts(
                name, agent, model=model, project=project, at=own[0].at, context=own[0].prompt
            )
            sessions.append(Session(facts, total(own), 200_000))
    return Snapshot(
        NOW,
        total(found[:30]),
        total(found),
        tuple(sessions),
        _by(found, "tool"),
        _by(found, "compressor"),
        tuple(found),
        home="/home/ana",
    )


def _by(found: list[Row], name: str) -> dict[str, Total]:
    sums: dict[str, Total] = {}
    for row in found:
        for shown in row.new:
            sums.setdefault(getattr(shown, name), Total()).merge(of_result(shown))
    return dict(sorted(sums.items(), key=lambda each: -each[1].first_before))
