"""The same figures as for Prometheus, sent to an OpenTelemetry collector: only when asked for.

Counts and times leave, with the host and status they are for; nothing of any request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from headroom_wrap.errors import ConfigError
from headroom_wrap.gateway.metrics import FINE, Metrics

if TYPE_CHECKING:
    from prometheus_client import Metric

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT")
_LAST_WORDS_MS = 2000


def check(environ: Mapping[str, str]) -> None:
    """Raises ConfigError where figures are to be sent and cannot be."""
    if not any(environ.get(name) for name in _ENDPOINTS):
        raise ConfigError(
            "--otel: there is no address to send figures to",
            f"set {_ENDPOINTS[0]}, e.g. to http://127.0.0.1:4318",
        )
    try:
        import opentelemetry.exporter.otlp.proto.http.metric_exporter
        import opentelemetry.sdk.metrics  # noqa: F401
    except ImportError as problem:
        raise ConfigError(
            "--otel needs OpenTelemetry's SDK", "pip install 'headroom-wrap[otel]'"
        ) from problem


def start(metrics: Metrics, environ: Mapping[str, str]) -> Callable[[], None]:
    """Sends figures from now on, by the variables of OpenTelemetry; returns what ends it."""
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
    from opentelemetry.sdk.resources import Resource

    own = {} if environ.get("OTEL_SERVICE_NAME") else {"service.name": "headroom"}
    reader = PeriodicExportingMetricReader(OTLPMetricExporter())
    provider = MeterProvider([reader], Resource.create(own))
    meter = provider.get_meter("headroom")
    for family in metrics.registry.collect():
        if family.type in _KINDS:
            make = getattr(meter, _KINDS[family.type])
            make(family.name, [_reading(metrics, family.name)], description=family.documentation)
    added = meter.create_histogram(
        "headroom_added_seconds", "s", explicit_bucket_boundaries_advisory=FINE
    )
    metrics.watchers.append(added.record)
    return lambda: provider.shutdown(_LAST_WORDS_MS)


_KINDS = {"counter": "create_observable_counter", "gauge": "create_observable_gauge"}


def _reading(metrics: Metrics, name: str) -> Callable[[Any], Iterable[Any]]:
    def read(options: Any) -> Iterator[Any]:
        from opentelemetry.metrics import Observation

        for family in metrics.registry.collect():
            if family.name == name:
                for value, labels in _samples(family):
                    yield Observation(value, labels)

    return read


def _samples(family: Metric) -> Iterator[tuple[float, dict[str, str]]]:
    for sample in family.samples:
        if not sample.name.endswith("_created"):
            yield sample.value, sample.labels
