"""The files of the status page: all of its folder, read once from the package."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from importlib.resources import files

_TYPES = {
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, plain and packed."""

    content_type: str
    body: bytes
    packed: bytes


def load_assets() -> dict[str, Asset]:
    """Every file of the page by its name.

    Raises:
        KeyError: there is a file whose type no browser would be told.
    """
    assets = {}
    for file in sorted((files("netwatch.web") / "static").iterdir(), key=lambda file: file.name):
        body = file.read_bytes()
        content_type = _TYPES[file.name.rpartition(".")[2]]
        assets[file.name] = Asset(content_type, body, gzip.compress(body, mtime=0))
    return assets
