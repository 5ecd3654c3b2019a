"""Asks the running daemon what it knows, by its own page."""

from __future__ import annotations

import json
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from netwatch.settings import Settings

PATIENCE = 3.0
"""Seconds."""

_LARGEST = 32 << 20


def meetings_of_daemon(settings: Settings) -> dict[str, dict[str, int]]:
    """By key of each meeting that is followed, its rooms by readiness; nothing where none runs."""
    host, port = settings.listen_address
    place = f"[{host}]" if ":" in host else host
    try:
        # Straight, whatever proxy the environment names: it is this machine.
        opener = build_opener(ProxyHandler({}))
        with opener.open(f"http://{place}:{port}/status.json", timeout=PATIENCE) as answer:
            told = json.loads(answer.read(_LARGEST))
        return {meeting["key"]: meeting["counts"] for meeting in told["meetings"]}
    except (URLError, OSError, ValueError, LookupError, TypeError):
        return {}  # another program may be there
