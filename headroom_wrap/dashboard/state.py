"""What the user has chosen to see, and how a key changes it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from headroom_wrap.dashboard.snapshot import Result, Session, Snapshot

SESSION_ORDERS = ("newest", "saved", "billed", "context")
RESULT_ORDERS = ("newest", "saved", "size")
_LONGEST_FILTER = 80


@dataclass(frozen=True, slots=True)
class State:
    """`picked` is the session that all is about, "" for all sessions. `session` and `result` are
    where the cursor stands; the top of the list when that is not there."""

    focus: str = "results"
    picked: str = ""
    session: str = ""
    result: Result | None = None
    session_order: str = SESSION_ORDERS[0]
    result_order: str = RESULT_ORDERS[0]
    wanted: str = ""
    typing: bool = False
    paused: bool = False
    help: bool = False
    opened: Result | None = None
    scroll: int = 0
    whole: bool = False
    over: bool = False


def sessions(snapshot: Snapshot, state: State) -> list[Session]:
    """The sessions in the chosen order."""
    keys = {
        "newest": lambda s: -s.facts.at,
        "saved": lambda s: -s.total.tokens_saved,
        "billed": lambda s: -s.total.billed,
        "context": lambda s: -s.facts.context,
    }
    return sorted(snapshot.sessions, key=keys[state.session_order])


def results(snapshot: Snapshot, state: State) -> list[Result]:
    """The results that match what is wanted, in the chosen order."""
    words = state.wanted.casefold().split()
    found = [r for r in snapshot.results if all(word in _searched(r) for word in words)]
    keys = {
        "newest": lambda r: -r.at,
        "saved": lambda r: r.shown.after - r.shown.before,
        "size": lambda r: -r.shown.before,
    }
    return sorted(found, key=keys[state.result_order])


def _searched(result: Result) -> str:
    shown = result.shown
    words = (shown.tool, shown.command, shown.compressor, shown.reason, result.session)
    return " ".join(words).casefold()


def press(state: State, key: str, snapshot: Snapshot, page: int = 10) -> State:
    """The state after a key; `page` is how many lines fit."""
    if key == "ctrl-c":
        return replace(state, over=True)
    if state.typing:
        return _type(state, key)
    if state.help:
        return replace(state, help=False, over=key == "q")
    if state.opened:
        return _read(state, key, page)
    return _browse(state, key, snapshot, page)


def _type(state: State, key: str) -> State:
    if key == "enter":
        return replace(state, typing=False)
    if key == "escape":
        return replace(state, typing=False, wanted="")
    if key == "backspace":
        return replace(state, wanted=state.wanted[:-1])
    if len(key) == 1 and key.isprintable() and len(state.wanted) < _LONGEST_FILTER:
        return replace(state, wanted=state.wanted + key, result=None)
    return state


def _read(state: State, key: str, page: int) -> State:
    steps = {"down": 1, "j": 1, "up": -1, "k": -1, "page-down": page, " ": page, "page-up": -page}
    if key in ("q", "escape", "enter", "left"):
        return replace(state, opened=None, scroll=0)
    if key in ("g", "home"):
        return replace(state, scroll=0)
    if key in ("G", "end"):
        return replace(state, scroll=1 << 30)
    if key == "x":
        return replace(state, whole=not state.whole, scroll=0)
    return replace(state, scroll=max(state.scroll + steps.get(key, 0), 0))


def _browse(state: State, key: str, snapshot: Snapshot, page: int) -> State:
    steps = {"down": 1, "j": 1, "up": -1, "k": -1, "page-down": page, "page-up": -page}
    if key in steps:
        return _move(state, steps[key], snapshot)
    if key in ("home", "g", "end", "G"):
        return _move(state, -(1 << 30) if key in ("home", "g") else 1 << 30, snapshot)
    if key == "enter":
        return _enter(state, snapshot)
    changes: dict[str, dict[str, object]] = {
        "q": {"over": True},
        "?": {"help": True},
        "h": {"help": True},
        "/": {"typing": True, "focus": "results"},
        "p": {"paused": not state.paused},
        " ": {"paused": not state.paused},
        "tab": {"focus": "sessions" if state.focus == "results" else "results"},
        "a": {"picked": "", "result": None},
        "escape": {"wanted": ""} if state.wanted else {"picked": "", "result": None},
        "s": _next_order(state),
    }
    return replace(state, **changes.get(key, {}))  # type: ignore[arg-type]


def _next_order(state: State) -> dict[str, object]:
    name = "session_order" if state.focus == "sessions" else "result_order"
    orders = SESSION_ORDERS if state.focus == "sessions" else RESULT_ORDERS
    now = orders.index(getattr(state, name))
    return {name: orders[(now + 1) % len(orders)]}


def _move(state: State, by: int, snapshot: Snapshot) -> State:
    if state.focus == "sessions":
        listed = sessions(snapshot, state)
        at = session_at(listed, state)
        moved = listed[min(max(at + by, 0), len(listed) - 1)] if listed else None
        return replace(state, session=moved.facts.session if moved else "")
    found = results(snapshot, state)
    at = min(max(result_at(found, state) + by, 0), len(found) - 1)
    # On top it stays on top when new results come.
    return replace(state, result=found[at] if found and at else None)


def _enter(state: State, snapshot: Snapshot) -> State:
    if state.focus == "sessions":
        listed = sessions(snapshot, state)
        if not listed:
            return state
        name = listed[session_at(listed, state)].facts.session
        return replace(state, picked="" if name == state.picked else name, result=None)
    found = results(snapshot, state)
    return replace(state, opened=found[result_at(found, state)], scroll=0) if found else state


def session_at(listed: list[Session], state: State) -> int:
    """Where the cursor stands in a list of sessions."""
    names = [session.facts.session for session in listed]
    return names.index(state.session) if state.session in names else 0


def result_at(listed: list[Result], state: State) -> int:
    """Where the cursor stands in a list of results."""
    return listed.index(state.result) if state.result in listed else 0
