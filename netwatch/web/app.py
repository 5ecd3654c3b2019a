"""The routes: GET shows, POST changes, and none measures what a client names."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

from aiohttp import web

from netwatch.metrics import blocks
from netwatch.metrics.web import WebMetrics
from netwatch.process.pace import paced
from netwatch.web.access import Access
from netwatch.web.acting import Acting
from netwatch.web.assets import Asset, load_assets
from netwatch.web.body import Body, body_headers, coding_for
from netwatch.web.exposure import Exposure
from netwatch.web.incidents import IncidentPages
from netwatch.web.json_text import json_text
from netwatch.web.maintenance import MaintenancePages
from netwatch.web.metrics import MetricsRoute
from netwatch.web.page_routes import PageSettings, add_page_routes
from netwatch.web.reports import ReportPages
from netwatch.web.source import WebSource

MAX_STATUS_AGE = 0.25
"""Seconds for which one ``/status.json`` is sent to all who ask; longer where it is costly."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def create_app(
    source: WebSource,
    access: Access | None = None,
    exposure: Exposure | None = None,
    page: PageSettings | None = None,
    acting: Acting | None = None,
) -> web.Application:
    """The application.

    Args:
        source: what it shows.
        access: who is answered; none: everybody.
        exposure: what the status page warns of; none: nothing.
        page: what the province says of its page; none: nothing.
        acting: decides on what is changed; none: one that counts for nobody.
    """
    app = web.Application(middlewares=[_without_body])
    (access or Access()).guard(app)

    async def encode_status() -> AsyncIterator[bytes]:
        status = source.status()
        if exposure is not None:
            status["web_lacks"] = exposure.lacking()
        async for block in paced(blocks(json_text(status))):
            if block:
                yield block

    status = Body(encode_status, MAX_STATUS_AGE)

    async def get_status(request: web.Request) -> web.StreamResponse:
        return await status.respond(request, "application/json")

    MetricsRoute(source).add_to(app)
    app.router.add_get("/status.json", get_status)
    app.router.add_get("/-/healthy", _verdict(source.health))
    app.router.add_get("/-/ready", _verdict(source.readiness))
    acting = acting or Acting(WebMetrics())
    IncidentPages(source.desk, acting).add_to(app)
    MaintenancePages(source.maintenance_desk, acting).add_to(app)
    add_page_routes(app, source, page or PageSettings())
    ReportPages(page.reports if page else None).add_to(app)
    for name, asset in load_assets().items():
        path = "/" if name == "page.html" else f"/static/{name}"
        app.router.add_get(path, _file(asset))
    return app


def _verdict(ask: Callable[[], str | None]) -> Handler:
    async def answer(_request: web.Request) -> web.StreamResponse:
        reason = ask()
        return web.Response(status=503 if reason else 200, text=f"{reason or 'ok'}\n")

    return answer


def _file(asset: Asset) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        coding = coding_for(request)
        body = asset.packed if coding == "gzip" else asset.body
        headers = body_headers(f"{asset.content_type}; charset=utf-8", coding)
        return web.Response(body=body, headers=headers)

    return answer


@web.middleware
async def _without_body(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Only what is posted has a body; no other is waited for."""
    if request.body_exists and request.method != "POST":
        raise web.HTTPRequestEntityTooLarge(max_size=0, actual_size=1, text="no body is taken\n")
    return await handler(request)
