"""An account in words, for a terminal or a bug report."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Sequence

from rich.text import Text

from headroom_wrap import __version__
from headroom_wrap.figures import count, percent
from headroom_wrap.ledger import Row
from headroom_wrap.report import clean
from headroom_wrap.report.account import Account, Item, Request
from headroom_wrap.report.results import explained

_LONGEST = 200
_RUN, _EDGE = 9, 2
_DIFF = {"-": "red", "+": "green", "@": "cyan"}


def lines(account: Account, whole: bool = False) -> Iterator[Text]:
    """Line by line. Long runs of left-out lines are counted, unless the `whole` is wanted."""
    first = account.requests[0].row
    yield Text.assemble(
        (f"session {clean.line(account.session)}", "bold"),
        f" · {clean.line(first.agent)} · {clean.line(first.project)}"
        f" · {account.of} request{'s' * (account.of != 1)} · headroom {__version__}",
    )
    if account.redacted:
        yield Text("texts, commands and paths are left out", "dim")
    for request in account.requests:
        yield Text()
        yield from _request(request, whole)


def _request(request: Request, whole: bool) -> Iterator[Text]:
    row = request.row
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(row.at))
    yield Text.assemble(
        (f"request {request.number}", "bold"),
        f" · {when} · {clean.line(row.model)} · {_answer(row.status)}"
        f" · {row.overhead_ms:.0f} ms of our own",
    )
    yield Text(f"  {_usage(row)}", "dim")
    if row.broken:
        yield Text(
            f"  ! PREFIX BREAK: {row.broken} message{'s' * (row.broken > 1)} went out otherwise "
            "than before; please report this with --redact",
            "bold red",
        )
    if row.cold:
        yield Text("  a cold point: the cache had expired, so old results were taken out", "cyan")
    if row.observed:
        yield Text("  observed: nothing was changed; sizes are what they would be", "yellow")
    if row.old_before:
        yield Text(f"  earlier results: {_sizes(row.old_before, row.old_after)}")
    if not request.items:
        yield Text("  no new results", "dim")
    for item in request.items:
        yield from _item(item, whole)


def _answer(status: int) -> str:
    return f"answered {status}" if status else "no answer"


def _usage(row: Row) -> str:
    used = row.usage
    if used is None:
        return "the provider reported no usage"
    wrote = used.cache_write_5m + used.cache_write_1h
    return (
        f"prompt {count(row.prompt)}: {count(used.cache_read)} from the cache, "
        f"{count(wrote)} written to it, {count(used.input)} neither; answer {count(used.output)}"
    )


def _item(item: Item, whole: bool) -> Iterator[Text]:
    shown = item.shown
    shortened = shown.after < shown.before
    yield Text.assemble(
        ("  ▼ " if shortened else "  · ", "green" if shortened else "dim"),
        (clean.line(shown.tool) or "?", "bold"),
        f"  {clean.line(shown.command)}",
    )
    head = f"    {_sizes(shown.before, shown.after)}"
    yield Text.assemble(head, (f"   hash {shown.hash[:8]}", "dim"))
    yield Text(f"    {clean.line(explained(shown))}")
    for line in _folded(item.diff or (), whole):
        text = line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
        yield Text(f"      {text}", _DIFF.get(line[:1], "dim"))


def _folded(diff: Sequence[str], whole: bool) -> Iterator[str]:
    for left_out, run in itertools.groupby(diff, lambda line: line.startswith("-")):
        found = list(run)
        if whole or not left_out or len(found) <= _RUN:
            yield from found
            continue
        yield from found[:_EDGE]
        yield f"⋮ {len(found) - 2 * _EDGE:,} more lines left out (--full shows them)"
        yield from found[-_EDGE:]


def _sizes(before: int, after: int) -> str:
    if after >= before:
        return f"{before:,} tokens"
    return f"{before:,} → {after:,} tokens ({percent(1 - after / before)} shorter)"
