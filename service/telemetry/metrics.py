"""Metrics for Prometheus, one registry an application.

What a request adds comes from its notes when it ends (`.request_log`); what the index is, is read when
somebody asks. Labels are few: routes by template, methods and codes from closed lists, no text of a request.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ingest.errors import NeedleError
from ingest.index import Manifest
from service.access.admission import Admission
from service.live_index import LiveIndex
from service.telemetry.request_notes import RequestNotes

# Every Prometheus reads this one.
CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

# A search takes some ten milliseconds, a composed answer up to a minute or more.
_REQUEST_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120)
_STAGE_SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
_LLM_SECONDS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600)
# The stage in which the service waits for the language model; its time is counted apart.
LLM_STAGE = "compose"


class Metrics:
    """The metrics of one application."""

    def __init__(self, live_index: LiveIndex, admission: Admission) -> None:
        self.registry = registry = CollectorRegistry()
        self.in_flight = Gauge(
            "needle_requests_in_flight", "Requests that are being answered.", registry=registry
        )
        queue = Gauge(
            "needle_queue_length", "Questions that are being answered or wait for it.", registry=registry
        )
        queue.set_function(lambda: admission.admitted)
        self._requests = Counter(
            "needle_requests",
            "Requests by route, method and status (499: the client left before there was one).",
            ["route", "method", "status"],
            registry=registry,
        )
        self._seconds = Histogram(
            "needle_request_seconds",
            "Seconds from a request's first byte to its answer's last.",
            ["route"],
            buckets=_REQUEST_SECONDS,
            registry=registry,
        )
        self._stages = Histogram(
            "needle_stage_seconds",
            "Seconds of own work in a request, by stage: read, encode, rank, choose, verify.",
            ["stage"],
            buckets=_STAGE_SECONDS,
            registry=registry,
        )
        self._refusals = Counter(
            "needle_refusals",
            "Questions without an answer, by reason.",
            ["route", "reason"],
            registry=registry,
        )
        self._verdicts = Counter(
            "needle_verdicts", "Verdicts of the verifier.", ["route", "verdict"], registry=registry
        )
        self._llm_seconds = Histogram(
            "needle_llm_seconds",
            "Seconds of waiting for the language model in a request.",
            buckets=_LLM_SECONDS,
            registry=registry,
        )
        self._llm_errors = Counter(
            "needle_llm_errors",
            "What kept the language model's answer from being used, by kind.",
            ["kind"],
            registry=registry,
        )
        self._llm_tokens = Counter(
            "needle_llm_tokens",
            "Tokens as the language model's endpoint counts them, where it does.",
            ["kind"],
            registry=registry,
        )
        registry.register(_IndexCollector(live_index))
        ProcessCollector(registry=registry)

    def observe(self, notes: RequestNotes, route: str, method: str, status: int, seconds: float) -> None:
        """Add a request that has ended."""
        self._requests.labels(route, method, status).inc()
        self._seconds.labels(route).observe(seconds)
        for stage, spent_ms in notes.timings_ms.items():
            timed = self._llm_seconds if stage == LLM_STAGE else self._stages.labels(stage)
            timed.observe(spent_ms / 1000)
        if notes.refusal:
            self._refusals.labels(route, notes.refusal).inc()
        for verdict, count in notes.verdicts.items():
            self._verdicts.labels(route, verdict).inc(count)
        for kind in notes.llm_errors:
            self._llm_errors.labels(kind).inc()
        for kind, count in notes.llm_tokens.items():
            self._llm_tokens.labels(kind).inc(count)

    def exposition(self) -> bytes:
        """All metrics as Prometheus reads them, in `CONTENT_TYPE`."""
        return generate_latest(self.registry)


class _IndexCollector(Collector):
    """What the index is at the moment of asking. It takes what is open and never waits for an opening."""

    def __init__(self, live_index: LiveIndex) -> None:
        self._live_index = live_index

    def collect(self) -> Iterator[Metric]:
        yield CounterMetricFamily(
            "needle_index_reload_failures",
            "Generations that could not be opened.",
            value=self._live_index.failures,
        )
        try:
            opened = self._live_index.current()
        except NeedleError:
            return
        yield from _described(opened.generation.name, opened.generation.manifest)
        hits = CounterMetricFamily(
            "needle_cache_hits", "What was remembered, since the generation was opened.", labels=["cache"]
        )
        for cache, count in opened.retriever.hits().items():
            hits.add_metric([cache], count)
        yield hits


def _described(name: str, manifest: Manifest) -> Iterator[Metric]:
    info = GaugeMetricFamily(
        "needle_index_info",
        "The generation in use; always 1.",
        labels=["generation", "fingerprint", "encoder"],
    )
    info.add_metric([name, manifest.fingerprint, manifest.encoder.name], 1)
    yield info
    age = datetime.now(UTC) - datetime.fromisoformat(manifest.created)
    yield GaugeMetricFamily(
        "needle_index_age_seconds", "Seconds since the generation was written.", value=age.total_seconds()
    )
    yield GaugeMetricFamily("needle_index_documents", "Documents of the index.", value=manifest.documents)
    passages = GaugeMetricFamily("needle_index_passages", "Passages of the index, by kind.", labels=["kind"])
    for kind, count in manifest.passages.items():
        passages.add_metric([kind], count)
    yield passages
