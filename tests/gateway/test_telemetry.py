"""What watches a proxy: Prometheus, the dashboard over it, and OpenTelemetry if asked for."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.gateway.ask import get, post
from tests.gateway.running import Gateway, gateway
from tests.gateway.test_forward import BODIES

ROOT = Path(__file__).parents[2]
BOARD = json.loads((ROOT / "examples/team/grafana.json").read_text())
PATH = "/v1/messages"


@pytest.mark.parametrize("panel", BOARD["panels"], ids=lambda panel: panel["title"])
def test_a_panel_asks_for_what_there_is(running: Gateway, panel: dict[str, object]) -> None:
    post(f"{running.url}{PATH}", BODIES[PATH])
    told = get(f"{running.url}/metrics").body.decode()
    known: dict[str, set[str]] = {"headroom_originals_fetched_total": {"way"}}
    for name, labels in re.findall(r"^(headroom_\w+)(?:\{(.*)\})? ", told, re.M):
        known.setdefault(name, set()).update(re.findall(r'(\w+)="', labels))
    targets = panel["targets"]
    assert isinstance(targets, list)
    assert targets
    for target in targets:
        named = re.findall(r"headroom_\w+", target["expr"])
        assert named
        assert set(named) <= set(known)
        grouped = re.findall(r"by \(([\w, ]+)\)", target["expr"])
        labels = {label for each in grouped for label in each.split(", ")}
        assert labels <= known[named[0]] | {"instance"}


@contextmanager
def collector() -> Iterator[tuple[str, list[bytes]]]:
    """What an OpenTelemetry collector is sent."""
    bodies: list[bytes] = []

    class Take(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Take)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", bodies
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_figures_go_to_a_collector_when_that_is_asked_for(tmp_path: Path) -> None:
    from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
        ExportMetricsServiceRequest,
    )

    with collector() as (url, bodies):
        environ = {"OTEL_EXPORTER_OTLP_ENDPOINT": url, "OTEL_EXPORTER_OTLP_COMPRESSION": "none"}
        with gateway(tmp_path, "--otel", environ=environ) as running:
            post(f"{running.url}{PATH}", BODIES[PATH], {"x-api-key": "sk-secret"})
            running.stop()
    sent = ExportMetricsServiceRequest.FromString(bodies[-1])
    (resource,) = sent.resource_metrics
    facts = {each.key: each.value.string_value for each in resource.resource.attributes}
    assert facts["service.name"] == "headroom"
    metrics = {m.name: m for scope in resource.scope_metrics for m in scope.metrics}
    assert metrics["headroom_requests"].sum.data_points[0].as_double == 1
    assert metrics["headroom_added_seconds"].histogram.data_points[0].count == 1
    assert metrics["headroom_tokens_saved"].sum.data_points[0].as_double > 1000
    assert b"sk-secret" not in bodies[-1]


def test_no_figure_leaves_unless_asked(tmp_path: Path) -> None:
    with collector() as (url, bodies):
        environ = {"OTEL_EXPORTER_OTLP_ENDPOINT": url}
        with gateway(tmp_path, environ=environ) as running:
            post(f"{running.url}{PATH}", BODIES[PATH])
            running.stop()
    assert bodies == []


def test_an_address_to_send_to_is_needed() -> None:
    command = [sys.executable, "-m", "headroom_wrap", "proxy", "--port", "0", "--otel"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "OTEL_EXPORTER_OTLP_ENDPOINT" in ran.stderr
