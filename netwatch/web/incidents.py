"""What happened, over HTTP: the list of incidents, and the story of each."""

from __future__ import annotations

import json
import time

from aiohttp import web

from netwatch.incidents.shape import ListView
from netwatch.web.access import VISITOR


def add_incident_routes(app: web.Application) -> None:
    """Serve ``/incidents.json``, ``/incidents/ID.json`` and ``/session.json``."""
    app.router.add_get("/incidents.json", _list)
    app.router.add_get("/incidents/{id}.json", _story)
    app.router.add_get("/session.json", _session)


async def _list(_request: web.Request) -> web.StreamResponse:
    return _answer(ListView(time=time.time(), open=[], ended=[], left_out=0))


async def _story(_request: web.Request) -> web.StreamResponse:
    raise web.HTTPNotFound(text="no such incident\n")


async def _session(request: web.Request) -> web.StreamResponse:
    visitor = request[VISITOR]
    return _answer({"user": visitor.user, "may_act": visitor.may_act, "token": None})


def _answer(value: object) -> web.Response:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return web.Response(text=text, content_type="application/json")
