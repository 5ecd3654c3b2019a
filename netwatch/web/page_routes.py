"""What the status page asks for now and then, besides the state."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from netwatch.disk.worker import DiskWorker
from netwatch.metrics import blocks
from netwatch.process.pace import paced
from netwatch.web.body import Body
from netwatch.web.json_text import json_text
from netwatch.web.outline import Outline, read_outline
from netwatch.web.source import WebSource

MAX_PLACES_AGE = 1.0
"""Seconds for which one ``/places.json`` is sent to all who ask."""

MAX_OUTLINE_AGE = 60.0
"""Seconds after which the file of the outline is read again when somebody asks."""


@dataclass(frozen=True, slots=True)
class PageSettings:
    """What the province says of its page.

    Attributes:
        grafana_url: address of its Grafana, which the page links to.
        map_outline: GeoJSON file with its outline.
        reports: directory of the kept papers; None: there is none.
    """

    grafana_url: str | None = None
    map_outline: Path | None = None
    reports: Path | None = None


def add_page_routes(app: web.Application, source: WebSource, settings: PageSettings) -> None:
    """Add them to the application."""
    disk = DiskWorker()

    async def read() -> Outline:
        try:
            return await disk.run(lambda: read_outline(settings.map_outline))
        except OSError as error:  # the disk hangs
            vi, en = f"không đọc được tệp: {error.strerror}", f"can't be read: {error.strerror}"
            return {"lines": [], "problem": {"vi": vi, "en": en}}

    async def encode_places() -> AsyncIterator[bytes]:
        view = {**source.places(), "grafana": settings.grafana_url}
        async for block in paced(blocks(json_text(view))):
            if block:
                yield block

    async def encode_outline() -> AsyncIterator[bytes]:
        yield _encode(await read())

    for path, encode, keep in (
        ("/places.json", encode_places, MAX_PLACES_AGE),
        ("/outline.json", encode_outline, MAX_OUTLINE_AGE),
    ):
        app.router.add_get(path, _answer(Body(encode, keep)))
    app.router.add_get("/history.json", _history(source))


def _answer(body: Body) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def answer(request: web.Request) -> web.StreamResponse:
        return await body.respond(request, "application/json")

    return answer


def _history(source: WebSource) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def answer(request: web.Request) -> web.StreamResponse:
        past = await source.history(request.query.get("site", ""))
        if past is None:
            raise web.HTTPNotFound(text="no such site\n")
        return web.Response(body=_encode({**past}), content_type="application/json")

    return answer


def _encode(content: Mapping[str, object]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
