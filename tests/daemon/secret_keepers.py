"""Servers that a daemon logs in to, and what they were given."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager

ANSWER = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class WebServer:
    """Answers every request over TLS with 404. Attributes: port, heads (of the requests)."""

    def __init__(self, address: str, context: ssl.SSLContext) -> None:
        self.heads: list[str] = []
        self._listening = socket.create_server((address, 0), backlog=64)
        self.port = self._listening.getsockname()[1]
        self._context = context

    def serve(self) -> None:
        """Answer, one after the other, until the socket is shut down."""
        while True:
            try:
                plain, _ = self._listening.accept()
            except OSError:
                return
            plain.settimeout(10)
            try:
                with self._context.wrap_socket(plain, server_side=True) as client:
                    self.heads.append(client.recv(65536).decode("latin-1"))
                    client.sendall(ANSWER)
            except OSError:  # ssl.SSLError is one
                plain.close()

    def close(self) -> None:
        """Answer no more."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()


@contextmanager
def web_server(address: str, context: ssl.SSLContext) -> Iterator[WebServer]:
    """A server, until the end of the block."""
    server = WebServer(address, context)
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join()
