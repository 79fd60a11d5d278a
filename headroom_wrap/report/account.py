"""An account of one session: its requests, their results, and what was decided about each."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from headroom_wrap import __version__, ledger
from headroom_wrap.errors import HeadroomError
from headroom_wrap.ledger import Row, Shown, sums
from headroom_wrap.report import compare
from headroom_wrap.report.results import Texts, explained, texts
from headroom_wrap.store import Store


@dataclass(frozen=True, slots=True)
class Wanted:
    """A session by the beginning of its name, a request by number or `last`, a result by the
    beginning of its hash; "" for the last session and all that is in it."""

    session: str = ""
    request: str = ""
    block: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One result; `diff` is None where it was not asked for or there is nothing to compare."""

    shown: Shown
    texts: Texts
    diff: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One request, counted from 1 in its session, and the results that were new in it."""

    number: int
    row: Row
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Account:
    session: str
    requests: tuple[Request, ...]
    of: int
    """How many requests the session has."""
    redacted: bool = False


def read(store: Store, wanted: Wanted, diff: bool, redact: bool) -> Account:
    """The account of what is wanted; raises HeadroomError when there is none."""
    name = session_named(store, wanted.session)
    rows = list(ledger.of_session(store, name))
    numbered = list(enumerate(rows, 1))
    if wanted.request:
        numbered = [numbered[_number(wanted.request, len(rows)) - 1]]
    found = []
    for number, row in numbered:
        items = [s for s in row.new if s.hash.startswith(wanted.block)]
        if items or not wanted.block:
            seen = tuple(_item(store, shown, diff and not redact) for shown in items)
            found.append(Request(number, row, seen))
    if not found:
        raise HeadroomError(
            f"session {name} has no result {wanted.block!r}",
            "headroom inspect --no-diff lists what it has",
        )
    account = Account(name, tuple(found), len(rows))
    return _redacted(account) if redact else account


def none_yet() -> HeadroomError:
    """What is raised where nothing was ever written."""
    return HeadroomError("there is no ledger yet", "start with: headroom wrap claude")


def session_named(store: Store, prefix: str) -> str:
    """The session whose name begins so, the latest one for ""; raises HeadroomError."""
    known = sorted(sums.sessions(store).values(), key=lambda facts: -facts.at)
    if not known:
        # Rows that are older than their sums.
        known = [_facts(row) for row in ledger.latest(store)]
    if not known:
        raise HeadroomError("the ledger is empty", "start with: headroom wrap claude")
    named = dict.fromkeys(f.session for f in known if f.session.startswith(prefix))
    if not named:
        raise HeadroomError(f"no session {prefix!r}", "headroom perf --by session lists them")
    if len(named) > 1 and prefix and prefix not in named:
        raise HeadroomError(f"{len(named)} sessions begin with {prefix!r}", "write more of it")
    return prefix if prefix in named else next(iter(named))


def _facts(row: Row) -> sums.Facts:
    return sums.Facts(row.session, row.agent, row.project, row.model, row.at, row.prompt)


def _number(spelled: str, most: int) -> int:
    if spelled == "last":
        return most
    if spelled.isascii() and spelled.isdigit() and 0 < int(spelled) <= most:
        return int(spelled)
    raise HeadroomError(f"no request {spelled!r}", f"write last or a number from 1 to {most}")


def _item(store: Store, shown: Shown, diff: bool) -> Item:
    if not diff or shown.after >= shown.before:
        return Item(shown, Texts(None, None))
    found = texts(store, shown)
    if found.original is None or found.sent is None:
        return Item(shown, found)
    return Item(shown, found, tuple(compare.unified(found.original, found.sent)))


def _redacted(account: Account) -> Account:
    """Sizes, names of tools, reasons and hashes only; nothing of what was said or done."""
    requests = []
    for request in account.requests:
        items = tuple(Item(_without_words(item.shown), Texts(None, None)) for item in request.items)
        row = ledger.replace(request.row, project=f"project-{_hashed(request.row.project)}")
        requests.append(replace(request, row=row, items=items))
    return replace(account, requests=tuple(requests), redacted=True)


def _without_words(shown: Shown) -> Shown:
    tool = shown.tool
    if tool.startswith("mcp__"):
        # Its server's name may be a company's.
        tool = f"mcp__{_hashed(tool)}"
    return msgspec.structs.replace(shown, command="", tool=tool, hash=shown.hash[:8])


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]


def as_json(account: Account) -> dict[str, Any]:
    """The account with the names that scripts may rely on."""
    return {
        "headroom": __version__,
        "session": account.session,
        "requests_in_session": account.of,
        "redacted": account.redacted,
        "requests": [_request(request) for request in account.requests],
    }


def _request(request: Request) -> Mapping[str, Any]:
    row = request.row
    return {
        "number": request.number,
        "at": row.at,
        "agent": row.agent,
        "project": row.project,
        "wire": row.wire,
        "model": row.model,
        "status": row.status,
        "conversation": row.conversation[:16],
        "results_in_request": row.blocks,
        "earlier_results": {"before": row.old_before, "after": row.old_after},
        "usage": msgspec.to_builtins(row.usage),
        "overhead_ms": round(row.overhead_ms, 2),
        "prefix_breaks": row.broken,
        "cold_point": row.cold,
        "observed": row.observed,
        "results": [_result(item) for item in request.items],
    }


def _result(item: Item) -> Mapping[str, Any]:
    shown = item.shown
    return {
        "hash": shown.hash,
        "tool": shown.tool,
        "command": shown.command,
        "compressor": shown.compressor,
        "reason": shown.reason,
        "explained": explained(shown),
        "before": shown.before,
        "after": shown.after,
        "diff": None if item.diff is None else list(item.diff),
    }
