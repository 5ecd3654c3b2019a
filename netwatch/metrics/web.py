"""What the web server tells about itself: connections, what it refused, its configuration file."""

from __future__ import annotations

from enum import StrEnum

from prometheus_client import CollectorRegistry, Counter, Gauge


class WebRefusal(StrEnum):
    """Why a connection was refused or cut, or a request not answered as asked.

    ``FULL``, ``SHARE``: no room left, for anybody or for this source; ``DISPLACED``: cut to make
    room; ``SLOW_REQUEST``, ``SLOW_READER``, ``LIFETIME``: out of time; ``DESCRIPTORS``: this
    machine had none left; ``TLS``: no agreement, or no fitting certificate; the others are answers:
    400, 413, 421, 429, 401, and 429 again when too many logins are being checked. ``ROLE``,
    ``ORIGIN``, ``TOKEN``: a request to change something by somebody who may not, from a page of
    another, without a one-time token.
    """

    FULL = "full"
    SHARE = "share"
    DISPLACED = "displaced"
    SLOW_REQUEST = "slow_request"
    SLOW_READER = "slow_reader"
    LIFETIME = "lifetime"
    DESCRIPTORS = "descriptors"
    TLS = "tls"
    MALFORMED = "malformed"
    BODY = "body"
    HOST = "host"
    RATE = "rate"
    LOGIN = "login"
    LOGINS_BUSY = "logins_busy"
    ROLE = "role"
    ORIGIN = "origin"
    TOKEN = "token"  # noqa: S105 (a label)


class WebMetrics:
    """Metrics of one web server.

    Attributes:
        connections: open now.
        refused: by reason, each from 0 on.
        unprotected: 1 when others than this machine can connect, and TLS or a login is missing.
        config_successful: 1 when the web configuration file that was read last is in force.
    """

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        registry = registry or CollectorRegistry()
        self.connections = Gauge(
            "netwatch_web_connections", "Connections to the web server.", registry=registry
        )
        self.refused = Counter(
            "netwatch_web_refused_total",
            "Connections that were refused or cut, and requests that were refused.",
            ["reason"],
            registry=registry,
        )
        self.unprotected = Gauge(
            "netwatch_web_unprotected",
            "1 if the web server is reached from other machines without TLS or without a login.",
            registry=registry,
        )
        self.config_successful = Gauge(
            "netwatch_web_config_last_reload_successful",
            "1 if the last reading of the web configuration file was taken over, else 0.",
            registry=registry,
        )
        self.config_successful.set(1)
        self._by_reason = {refusal: self.refused.labels(refusal) for refusal in WebRefusal}

    def refuse(self, refusal: WebRefusal) -> None:
        """Count one connection or request that was refused."""
        self._by_reason[refusal].inc()
