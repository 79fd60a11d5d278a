"""Replicas: pipelines with folders of their own over one Redis, as machines have them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from headroom_wrap.pipeline import Judge, Pipeline, Situation
from headroom_wrap.team.link import Link
from headroom_wrap.team.shared import Shared
from tests.pipeline.talk import HOST, PATH, Talk
from tests.team.servers import until


@dataclass
class Replica:
    link: Link
    store: Shared
    pipeline: Pipeline

    def sent(self, talk: Talk) -> bytes:
        """What is forwarded of the conversation as it stands, settled."""
        found = self.pipeline.shorten(HOST, PATH, talk.body())
        self.pipeline.settle(found.record, None, "", 200)
        assert found.record is not None
        assert not found.record.row.broken
        return found.body

    def sent_anyhow(self, talk: Talk) -> bytes:
        return self.pipeline.shorten(HOST, PATH, talk.body()).body

    def back(self) -> None:
        until(lambda: not self.store.away)


@contextlib.contextmanager
def replica(folder: Path, url: str, tenant: str = "all") -> Iterator[Replica]:
    link = Link(url)
    store = Shared(folder, link, tenant)
    try:
        yield Replica(link, store, Pipeline(store, Judge(), Situation(folder.name)))
    finally:
        store.close()
        link.close()


@contextlib.contextmanager
def replicas(folder: Path, url: str, count: int = 3) -> Iterator[list[Replica]]:
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(replica(folder / f"r{n}", url)) for n in range(count)]
