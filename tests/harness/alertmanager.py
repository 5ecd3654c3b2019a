"""A real Alertmanager with the configuration that is shipped, and whoever it pages."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import yaml

from tests.harness.ports import free_port
from tests.harness.processes import program
from tests.harness.requirements import require_tool
from tests.harness.waiting import eventually

SHIPPED = Path(__file__).parents[2] / "config" / "alertmanager"

SOONER = {"group_wait": "1s", "group_interval": "2s"}
"""In the route of pages, 5 s and 1 min as shipped."""

AS_SHIPPED: dict[str, str] = {}
"""No other times than those."""


@dataclass(frozen=True)
class Message:
    """What a receiver was told, once.

    Attributes:
        at: Unix seconds.
        receiver: who was told.
        status: ``firing`` or ``resolved``.
        alerts: all that it was about, as Alertmanager writes them.
    """

    at: float
    receiver: str
    status: str
    alerts: list[dict[str, Any]]

    def __str__(self) -> str:
        told = [alert["annotations"]["summary"] for alert in self.alerts]
        return f"{self.receiver} {self.status}: {'; '.join(told)}"


@dataclass
class Receivers:
    """Counts messages: a web server that stands for every receiver."""

    messages: list[Message] = field(default_factory=list)

    def pages(self) -> list[Message]:
        """What wakes somebody up."""
        return [message for message in self.messages if message.receiver == "on-watch"]


@contextmanager
def receiving() -> Iterator[tuple[Receivers, str]]:
    """Receivers, and the address (host:port) where they wait."""
    receivers = Receivers()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            told = Message(time.time(), body["receiver"], body["status"], body["alerts"])
            receivers.messages.append(told)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield receivers, f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def shipped() -> Any:
    """The configuration that is shipped."""
    return yaml.safe_load((SHIPPED / "alertmanager.yml").read_text(encoding="utf-8"))


def hooked(receivers: str, times: Mapping[str, str]) -> Any:
    """The shipped configuration with a webhook for everybody: mail needs a server.

    Args:
        receivers: host:port of all webhooks.
        times: in the route of pages, in place of the shipped ones.
    """
    configuration = shipped()
    routes = {route["receiver"]: route for route in configuration["route"]["routes"]}
    routes["on-watch"].update(times)
    hook = {"url": f"http://{receivers}/"}
    configuration["receivers"] = [
        {"name": receiver["name"], "webhook_configs": [hook]}
        for receiver in configuration["receivers"]
    ]
    return configuration


@contextmanager
def running(home: Path, receivers: str, times: Mapping[str, str] = SOONER) -> Iterator[str]:
    """Run Alertmanager; all its receivers are at this address. Yields its own.

    Args:
        home: of its files; it is made.
        receivers: host:port.
        times: in the route of pages, in place of the shipped ones.
    """
    home.mkdir()
    with launched(home, hooked(receivers, times)) as listen:
        yield listen


@contextmanager
def launched(
    home: Path, configuration: Any, environment: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Run Alertmanager with a configuration and the shipped template; yields its address."""
    write(home, configuration)
    listen = f"127.0.0.1:{free_port()}"
    log = home / "alertmanager.log"
    with program(command(home, listen), log, env=environment):
        eventually(lambda: is_ready(listen))
        yield listen


def write(home: Path, configuration: Any) -> None:
    """Put the files of an Alertmanager into its directory."""
    (home / "alertmanager.yml").write_text(yaml.safe_dump(configuration), encoding="utf-8")
    shutil.copy(SHIPPED / "netwatch.tmpl", home)


def command(home: Path, listen: str, cluster: str = "", peer: str = "") -> list[str | Path]:
    """How Alertmanager is begun; it is alone where it has no address for others.

    Args:
        home: of its files.
        listen: host:port of its own.
        cluster: host:port where the other one of a pair reaches it.
        peer: host:port of the other one.
    """
    return [
        require_tool("prometheus-alertmanager"),
        f"--config.file={home}/alertmanager.yml",
        f"--storage.path={home}/data",
        f"--web.listen-address={listen}",
        f"--cluster.listen-address={cluster}",
        *([f"--cluster.peer={peer}"] if peer else []),
    ]


def is_ready(listen: str) -> bool:
    """Whether the Alertmanager or Prometheus at this address does its work."""
    return answers(f"http://{listen}/-/ready")


def answers(url: str) -> bool:
    """Whether this page is there."""
    try:
        with urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def post(address: str, *alerts: Mapping[str, Any]) -> None:
    """Tell the Alertmanager at this address of alerts, as Prometheus does."""
    body, headers = json.dumps(alerts).encode(), {"Content-Type": "application/json"}
    with urlopen(Request(f"http://{address}/api/v2/alerts", body, headers), timeout=30):
        pass
