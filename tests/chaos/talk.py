"""A conversation, and what must hold of all that was forwarded of it, whatever happened between."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from headroom_wrap import marker, wire
from headroom_wrap.errors import StoreError
from headroom_wrap.pipeline import Judge, Pipeline, Situation
from headroom_wrap.spill import Spill
from headroom_wrap.store import Store
from headroom_wrap.types import Usage
from tests.compressors.cases import cases
from tests.pipeline.talk import HOST, PATH, Talk, code, log

PROJECT = "/work"


def bodies(turns: int, seed: int = 0) -> list[bytes]:
    """The requests of a conversation of so many turns, as its client sends them."""
    known = [case for case in cases() if 2_000 < len(case.text) < 20_000]
    talk = Talk(f"{seed:04} look around")
    found = []
    for turn in range(turns):
        case = known[(seed * 7 + turn * 13) % len(known)]
        talk.result(log(60 + turn, f"job-{seed}-{turn}"), command=f"journalctl -u {seed}-{turn}")
        talk.result(case.text, command=case.origin.command or "./run")
        if turn % 3 == 1:
            talk.result(code(80, changed=turn), tool="Read", file_path=f"/work/{turn // 6}.py")
        found.append(talk.body())
    return found


@dataclass(frozen=True)
class Place:
    """Where the store and the spilled originals lie."""

    root: Path

    def open(self) -> tuple[Store, Spill, Pipeline]:
        """A process's own."""
        store, spill = Store(self.root / "store"), Spill(self.root / "run", PROJECT)
        pipeline = Pipeline(store, Judge(spill=spill), Situation("s", "chaos", PROJECT))
        return store, spill, pipeline


def exchange(pipeline: Pipeline, body: bytes) -> bytes:
    """One request and its bill; returns what was forwarded."""
    found = pipeline.shorten(HOST, PATH, body)
    pipeline.settle(found.record, Usage(10, 0, 90, 0, 5), "claude-opus-4-8", 200)
    return found.body


@dataclass
class Witness:
    """Remembers what was forwarded for each text, and holds what comes later against it."""

    sent: dict[tuple[str, str], str] = field(default_factory=dict)
    requests: int = 0
    shortened: int = 0
    changed: int = 0
    lost: int = 0

    def add(self, other: Witness) -> None:
        """The counts of another one."""
        for name in ("requests", "shortened", "changed", "lost"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def see(
        self, body: bytes, forwarded: bytes, store: Store | None, spill: Spill | None = None
    ) -> None:
        """A request as it came and as it went on."""
        self.requests += 1
        was, now = wire.read(HOST, PATH, body), wire.read(HOST, PATH, forwarded)
        assert was is not None
        assert now is not None
        for old, new in zip(was[1].blocks, now[1].blocks, strict=True):
            first = self.sent.setdefault((old.call_id, old.text), new.text)
            self.changed += first != new.text
            if new.text != old.text:
                self.shortened += 1
                self.lost += store is not None and not held(store, new.text, old.text)
                self.lost += spill is not None and not laid_out(spill, new.text, old.text)


def laid_out(spill: Spill, sent: str, text: str) -> bool:
    """Whether the text lies where the marker says, for the agent's own tools."""
    file = Path(spill.path(marker.hashes(sent)[-1]))
    return file.exists() and file.read_bytes() == text.encode("utf-8", "surrogatepass")


def held(store: Store, sent: str, text: str) -> bool:
    """Whether the marker at the end leads back to the text."""
    try:
        found = store.original(marker.hashes(sent)[-1])
    except StoreError:
        return False
    return found is not None and found.text == text
