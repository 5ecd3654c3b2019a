"""A collector that always says the same, for tests of what stands behind it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CUT = b"""\
netwatch_vantage_ok 1
netwatch_site_info{site="x",name="X",name_vi="X",tier="district",network="state",parent="d"} 1
netwatch_cause_state{cause="link:x"} 4
netwatch_cause_sites{cause="link:x"} 3
netwatch_cause_start_timestamp_seconds{cause="link:x"} 1000
netwatch_cause_info{cause="link:x",kind="link",site="x",target="r",link="x",carrier="V"} 1
"""
"""What a daemon says that sees a cut."""

WELL = b"".join(CUT.splitlines(keepends=True)[:2])
"""The same when it is over."""


@dataclass
class Page:
    """What is said now, and where."""

    text: bytes
    address: str = ""


@contextmanager
def collector(text: bytes = CUT) -> Iterator[Page]:
    """Serve a page that may be changed meanwhile."""
    page = Page(text)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.end_headers()
            self.wfile.write(page.text)

        def log_message(self, *_arguments: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    page.address = f"127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield page
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
