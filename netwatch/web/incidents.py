"""What happened, over HTTP: the list of incidents, the story of each, and who takes one on."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Awaitable
from typing import TypeVar

from aiohttp import web

from netwatch.incidents.desk import IncidentDesk
from netwatch.incidents.reader import Wanted
from netwatch.web.access import VISITOR
from netwatch.web.acting import Acting, Order, json_answer

logger = logging.getLogger(__name__)

DEFAULT_DAYS = 7.0
"""Days of which ended incidents are listed when nobody says how many."""

MAX_DAYS = 3650.0
"""Days that can be asked for."""

MAX_QUERY = 200
"""Characters of a value in a query."""

_NOTE = frozenset({"note"})

T = TypeVar("T")


class IncidentPages:
    """Serves ``/incidents.json``, ``/incidents/ID.json`` and ``/session.json``, and takes notes.

    Args:
        desk: knows the incidents.
        acting: decides on who may write.
    """

    def __init__(self, desk: IncidentDesk, acting: Acting) -> None:
        self._desk = desk
        self._acting = acting

    def add_to(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get("/incidents.json", self._list)
        app.router.add_get("/incidents/{id}.json", self._story)
        app.router.add_get("/session.json", self._session)
        self._acting.route(app, "/incidents/{id}/acknowledge", _NOTE, self._acknowledge)
        self._acting.route(app, "/incidents/{id}/note", _NOTE, self._note)

    async def _list(self, request: web.Request) -> web.StreamResponse:
        return json_answer(await self._desk.list(_wanted(request)))

    async def _story(self, request: web.Request) -> web.StreamResponse:
        story = await _read(self._desk.story(request.match_info["id"]))
        if story is None:
            raise web.HTTPNotFound(text="no such incident\n")
        return json_answer(story)

    async def _session(self, request: web.Request) -> web.StreamResponse:
        """Who asks, and a token for what they change next."""
        visitor = request[VISITOR]
        may_act = visitor.may_act and visitor.user is not None
        token = self._acting.tokens.give(visitor.user) if may_act and visitor.user else None
        return json_answer({"user": visitor.user, "may_act": may_act, "token": token})

    async def _acknowledge(self, request: web.Request, order: Order) -> object:
        return await self._write(request, order, acknowledges=True)

    async def _note(self, request: web.Request, order: Order) -> object:
        return await self._write(request, order, acknowledges=False)

    async def _write(self, request: web.Request, order: Order, *, acknowledges: bool) -> object:
        id_, note = request.match_info["id"], order.fields["note"]
        return await self._desk.write(id_, order.who, note, acknowledges=acknowledges)


async def _read(asked: Awaitable[T]) -> T:
    """What the journal says.

    Raises:
        HTTPServiceUnavailable: it can't be read.
    """
    try:
        return await asked
    except (sqlite3.Error, OSError) as error:
        logger.warning("incidents can't be read: %s", error)
        raise web.HTTPServiceUnavailable(text="the journal can't be read\n") from None


def _wanted(request: web.Request) -> Wanted:
    """What a query asks for.

    Raises:
        HTTPBadRequest: a value is malformed.
    """
    query = request.query
    since = time.time() - 86400.0 * _number(query.get("days"), DEFAULT_DAYS)
    if "since" in query:
        since = _number(query["since"], since)
    site, carrier = query.get("site") or None, query.get("carrier") or None
    if any(len(each) > MAX_QUERY for each in (site, carrier) if each):
        raise web.HTTPBadRequest(text=f"a value has more than {MAX_QUERY} characters\n")
    return Wanted(max(since, time.time() - MAX_DAYS * 86400.0), site, carrier)


def _number(text: str | None, default: float) -> float:
    if not text:
        return default
    try:
        value = float(text[:MAX_QUERY])
    except ValueError:
        raise web.HTTPBadRequest(text="since and days are numbers\n") from None
    if not 0 <= value < float("inf"):
        raise web.HTTPBadRequest(text="since and days are positive numbers\n")
    return value
