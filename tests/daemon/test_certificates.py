"""A certificate that has ended stays so over a restart, until the server shows another one."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.daemon.running import INVENTORY, Running
from tests.harness.servers import Authority
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow

END = (
    'netwatch_tls_certificate_not_after_timestamp_seconds{flow="",probe="tls:PORT",'
    'site="nam-sach",target="server"}'
)
CHECK = "probe: tcp, port: PORT, interval: 200ms, timeout: 150ms"


@contextmanager
def showing(context: ssl.SSLContext, port: int = 0) -> Iterator[int]:
    """A server that shows this certificate; gives its port."""
    with socket.create_server(("127.8.0.1", port)) as listening:

        def serve() -> None:
            while True:
                try:
                    client = listening.accept()[0]
                except OSError:
                    return
                with client, suppress(OSError):
                    context.wrap_socket(client, server_side=True).close()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def kinds(daemon: Running) -> bool:
    return '"certificate"' in daemon.get("/incidents.json").partition('"ended"')[0]


def test_a_certificate_that_has_ended_is_known_though_the_server_is_down(
    tmp_path: Path, server: socket.socket
) -> None:
    authority = Authority(tmp_path)
    context = authority.context(["127.8.0.1"], begin=-9, end=-2)
    daemon = Running(tmp_path, server.getsockname()[1])
    with showing(context) as port:
        check = f"probe: tls, port: {port}, interval: 5s, ca: {authority.bundle}"
        daemon.wait_for("READY=1")
        daemon.kill()
        daemon.write(INVENTORY.replace(CHECK, check))
        daemon.start()
        daemon.wait_for("READY=1")
        end = END.replace("PORT", str(port))
        told = eventually(lambda: daemon.metric(end))
        eventually(lambda: kinds(daemon))
        eventually((tmp_path / "state" / "facts.json").exists)
    daemon.kill()
    daemon.start()
    daemon.wait_for("READY=1")
    assert daemon.metric(end) == told
    eventually(lambda: kinds(daemon))
    with showing(authority.context(["127.8.0.1"]), port):
        eventually(lambda: daemon.metric(end) != told)
        eventually(lambda: not kinds(daemon))
    daemon.stop()
