"""The daemon's web server with settings of a test, over a made-up source."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import bcrypt
from prometheus_client import CollectorRegistry

from netwatch.metrics.web import WebMetrics
from netwatch.settings import Settings
from netwatch.web.listener import open_listener
from netwatch.web.source import WebSource
from netwatch.web.start import WebServer
from tests.harness import certificates
from tests.harness.status_source import FakeSource

T = TypeVar("T")

PASSWORD = "mật khẩu đúng"
HASH = bcrypt.hashpw(PASSWORD.encode(), b"$2b$04$" + b"netwatch" * 2 + b"netwau").decode()
"""Always the same: names of tests hold it, and workers have to agree on those."""
USERS = f"basic_auth_users:\n  lan: {HASH}\n"
TLS = "tls_server_config:\n  cert_file: gate.crt\n  key_file: gate.key\n"
CLIENTS = "  client_ca_file: ca.crt\n  client_auth_type: RequireAndVerifyClientCert\n"


@dataclass
class Served:
    """A server that runs."""

    port: int
    registry: CollectorRegistry

    def refused(self, reason: str) -> float:
        """How often it refused something for this reason."""
        value = self.registry.get_sample_value("netwatch_web_refused_total", {"reason": reason})
        assert value is not None
        return value

    def value(self, metric: str) -> float | None:
        return self.registry.get_sample_value(metric)

    async def until_told(self, metric: str, value: float) -> None:
        """Return when a metric has this value."""

        async def is_told() -> bool:
            return self.value(metric) == value

        await until(is_told)


@asynccontextmanager
async def served(
    directory: Path, config: str | None = None, source: WebSource | None = None, **settings: object
) -> AsyncIterator[Served]:
    """A server with this web configuration, written to ``web.yml`` of the directory."""
    if config is not None:
        (directory / "web.yml").write_text(config, encoding="utf-8")
        settings["web_config"] = directory / "web.yml"
    registry = CollectorRegistry()
    server = WebServer(Settings.model_validate(settings), WebMetrics(registry))
    listener = open_listener("127.0.0.1", 0)
    port = listener.getsockname()[1]
    async with server.serving(source or FakeSource(), listener):
        yield Served(port, registry)


def make_certificates(directory: Path, *clients: str) -> Path:
    """``gate.crt`` for 127.0.0.1, its authority, and a certificate for each client."""
    return certificates.make(directory / "tls", "127.0.0.1", *clients)


def run(*command: str, text: str = "") -> tuple[int, str]:
    """Status and output, both streams, of a command that is given this input."""
    done = subprocess.run(
        command, input=text.encode(), capture_output=True, check=False, timeout=60
    )
    return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")


async def until(question: Callable[[], Awaitable[T | None]], patience: float = 60.0) -> T:
    """The first answer that is not false, as ``tests.harness.waiting.eventually`` gives it."""
    async with asyncio.timeout(patience):
        while not (answer := await question()):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        return answer
