"""What Prometheus is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

if TYPE_CHECKING:
    from headroom_wrap.pipeline import Record

FINE = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)


class Metrics:
    """Counts of this process; what lasts longer stands in the ledger."""

    def __init__(self) -> None:
        self.registry = on = CollectorRegistry()
        labels = "host", "status"
        self.requests = Counter("headroom_requests", "Requests sent on.", labels, registry=on)
        self.before = Counter("headroom_tokens_before", "Tokens of tool results.", registry=on)
        self.saved = Counter("headroom_tokens_saved", "Those of them not sent.", registry=on)
        verdicts = "New tool results, by verdict."
        self.results = Counter("headroom_results", verdicts, ("reason",), registry=on)
        self.open = Gauge("headroom_open_requests", "Answers not yet whole.", registry=on)
        added = "What shortening added to a request."
        self.added = Histogram("headroom_added_seconds", added, buckets=FINE, registry=on)
        broken = "Messages sent otherwise than before: a prefix is no longer cached."
        self.broken = Counter("headroom_broken_prefixes", broken, registry=on)
        fetched = "Originals that were fetched, by the API or the model's tool."
        self.fetched = Counter("headroom_originals_fetched", fetched, ("way",), registry=on)
        there = "Whether the store that replicas share is there; 1 where there is none."
        self.there = Gauge("headroom_shared_store_up", there, registry=on)
        self.there.set(1)
        self.tenants = Gauge("headroom_tenants", "Tenants who have asked so far.", registry=on)
        self.watchers: list[Callable[[float], object]] = []
        """What else is told how many seconds were added."""

    def judged(self, record: Record | None) -> None:
        """Counts what was done to one request."""
        if record is None:
            return
        row = record.row
        self.added.observe(row.overhead_ms / 1e3)
        for each in self.watchers:
            each(row.overhead_ms / 1e3)
        self.broken.inc(row.broken)
        self.before.inc(row.before)
        self.saved.inc(row.before - row.after)
        for shown in row.new:
            self.results.labels(shown.reason).inc()

    def text(self) -> bytes:
        """The exposition format."""
        return generate_latest(self.registry)
