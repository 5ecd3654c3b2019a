"""The files of the status page: a fixed list, read once from the package."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from importlib.resources import files

_TYPES = {
    "page.html": "text/html",
    "page.css": "text/css",
    "page.js": "text/javascript",
    "dom.js": "text/javascript",
    "tree.js": "text/javascript",
    "summary.js": "text/javascript",
    "matrix.js": "text/javascript",
    "meetings.js": "text/javascript",
    "words.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, plain and packed."""

    content_type: str
    body: bytes
    packed: bytes


def load_assets() -> dict[str, Asset]:
    """Every file of the page by its name."""
    folder = files("netwatch.web") / "static"
    assets = {}
    for name, content_type in _TYPES.items():
        body = (folder / name).read_bytes()
        assets[name] = Asset(content_type, body, gzip.compress(body, mtime=0))
    return assets
