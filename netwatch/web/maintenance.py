"""Work that is announced and ended on the page."""

from __future__ import annotations

from typing import TypedDict

from aiohttp import web

from netwatch.audit.line import clean
from netwatch.incidents.notes import NoteRefusedError
from netwatch.maintenance.announcements import Announcement
from netwatch.maintenance.desk import MaintenanceDesk
from netwatch.maintenance.order import MaintenanceOrder
from netwatch.maintenance.refused import Fault, MaintenanceError
from netwatch.web.acting import Acting, Order

_FIELDS = frozenset({"place", "reason", "from", "until", "for", "repeat"})
"""All of them texts as on the command line; what is not given is empty."""

_STATUS: dict[Fault, int] = {"invalid": 400, "unknown": 404, "conflict": 409, "disk": 503}


class AnnouncedView(TypedDict):
    """An announcement as it was made. Times are unix times."""

    id: str
    place: str
    begins: float
    ends: float
    repeat: str | None
    reason: str
    author: str


class MaintenancePages:
    """Takes announcements.

    Args:
        desk: writes them down.
        acting: decides on who may act.
    """

    def __init__(self, desk: MaintenanceDesk, acting: Acting) -> None:
        self._desk = desk
        self._acting = acting

    def add_to(self, app: web.Application) -> None:
        """Add the routes."""
        self._acting.route(app, "/maintenance", _FIELDS, self._announce)
        self._acting.route(app, "/maintenance/{id}/end", frozenset(), self._end)

    async def _announce(self, _request: web.Request, order: Order) -> object:
        fields = order.fields
        wanted = MaintenanceOrder(
            place=fields["place"],
            reason=fields["reason"],
            begins=fields["from"],
            ends=fields["until"],
            lasts=fields["for"],
            repeat=fields["repeat"],
        )
        try:
            return _view(await self._desk.announce(wanted, order.who))
        except MaintenanceError as error:
            raise _refused(error) from None

    async def _end(self, request: web.Request, order: Order) -> object:
        try:
            return _view(await self._desk.end(request.match_info["id"], order.who))
        except MaintenanceError as error:
            raise _refused(error) from None


def _view(announcement: Announcement) -> AnnouncedView:
    return {
        "id": announcement.id,
        "place": announcement.place,
        "begins": announcement.begins,
        "ends": announcement.ends,
        "repeat": announcement.repeat,
        "reason": announcement.reason,
        "author": announcement.author,
    }


def _refused(error: MaintenanceError) -> NoteRefusedError:
    """The answer to what is refused; ``--from`` of the command line is the field ``from`` here."""
    (problem,) = error.problems
    place = clean(problem.place.removeprefix("--")[:64])  # it may be what was sent
    if error.fault == "disk":  # where the file is, is nobody's business
        return NoteRefusedError(503, "không ghi được; xem nhật ký", "can't be written; see the log")
    return NoteRefusedError(_STATUS[error.fault], f"{place}: {error.vi}", f"{place}: {error.en}")
