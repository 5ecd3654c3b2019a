"""Clients of a port of this machine: ``python -m tests.bench.scrapers MODE PORT COUNT``."""

from __future__ import annotations

import socket
import sys
import threading
import time
import urllib.request

INTERVAL = 5.0
"""Seconds between two scrapes."""


def scrape(port: int, count: int) -> None:
    """Scrape as Prometheus does; print when one begins, and how long it took and its size."""
    url = f"http://127.0.0.1:{port}/metrics"
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
    for _ in range(count):
        time.sleep(INTERVAL)
        print("begin", flush=True)
        began = time.monotonic()
        with urllib.request.urlopen(request, timeout=60) as answer:
            size = len(answer.read())
        print(time.monotonic() - began, size, flush=True)


def crawl(port: int, count: int) -> None:
    """Read with many clients at 80 kB/s each, until they are cut."""

    def read() -> None:
        with socket.socket() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(("127.0.0.1", port))
            client.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
            try:
                while client.recv(4096):
                    time.sleep(0.05)
            except ConnectionResetError:
                return

    readers = [threading.Thread(target=read) for _ in range(count)]
    for reader in readers:
        reader.start()
        time.sleep(0.1)
    for reader in readers:
        reader.join()


if __name__ == "__main__":
    {"scrape": scrape, "crawl": crawl}[sys.argv[1]](int(sys.argv[2]), int(sys.argv[3]))
