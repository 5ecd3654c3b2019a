"""Asks the running daemon for its meetings, over its own web server."""

from __future__ import annotations

import json
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from netwatch.settings import Settings

TIMEOUT = 3.0
"""Seconds that the daemon may take to answer."""

_MAX_BYTES = 32 << 20
"""Of the answer that are read."""


def meetings_of_daemon(settings: Settings) -> dict[str, dict[str, int]]:
    """The number of rooms of each readiness, by the key of each meeting that is monitored.

    Returns:
        Nothing when no daemon answers at the address of the settings.
    """
    host, port = settings.listen_address
    place = f"[{host}]" if ":" in host else host
    try:
        # No proxy, whatever the environment names: the daemon is on this machine.
        opener = build_opener(ProxyHandler({}))
        with opener.open(f"http://{place}:{port}/status.json", timeout=TIMEOUT) as answer:
            status = json.loads(answer.read(_MAX_BYTES))
        return {meeting["key"]: meeting["counts"] for meeting in status["meetings"]}
    except (URLError, OSError, ValueError, LookupError, TypeError):
        return {}  # another program may be there
