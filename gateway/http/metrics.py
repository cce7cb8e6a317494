"""Prometheus metrics on a listener of their own, on loopback unless configured otherwise.

No label names a tenant, a user or a number: whoever reads metrics need not learn who calls whom.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector


class _Counts(Collector):
    def __init__(self, name: str, text: str, counts: Mapping[str, int]) -> None:
        self._name, self._text, self._counts = name, text, counts

    def collect(self) -> Iterator[Metric]:
        family = CounterMetricFamily(self._name, self._text, labels=["reason"])
        for reason, count in self._counts.items():
            family.add_metric([reason], count)
        yield family


class Metrics:
    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "offhook_http_requests_total",
            "REST requests",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.request_seconds = Histogram(
            "offhook_http_request_seconds", "REST latency", registry=self.registry
        )
        self.command_seconds = Histogram(
            "offhook_command_seconds",
            "from a socket's command to its ack",
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 5),
            registry=self.registry,
        )

        self.setup_seconds = Histogram(
            "offhook_call_setup_seconds",
            "stages of a call's set-up",
            ["stage"],
            buckets=(0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2, 5, 10, 30),
            registry=self.registry,
        )

    def setup_stage(self, stage: str, seconds: float) -> None:
        self.setup_seconds.labels(stage).observe(seconds)

    def gauge(self, name: str, text: str, read: Callable[[], float]) -> None:
        Gauge(name, text, registry=self.registry).set_function(read)

    def count_by_reason(self, name: str, text: str, counts: Mapping[str, int]) -> None:
        """Counters that somebody else keeps, read when asked."""
        self.registry.register(_Counts(name, text, counts))

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/metrics", self._handle)
        return app

    async def _handle(self, _request: web.Request) -> web.Response:
        return web.Response(
            body=generate_latest(self.registry), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )

    def observe(self, request: web.Request, status: int, seconds: float) -> None:
        resource = request.match_info.route.resource
        route = resource.canonical if resource is not None else "unknown"
        self.requests.labels(request.method, route, str(status)).inc()
        self.request_seconds.observe(seconds)
