"""Fetches one calendar over HTTPS (RFC 9110): bounded, from one address, without redirects."""

from __future__ import annotations

import re
import time

from yarl import URL

from netwatch.core.login import Login
from netwatch.core.result import Reason
from netwatch.inventory.meetings import CalendarSpec
from netwatch.meetings.calendars.bounds import CalendarBounds
from netwatch.meetings.calendars.copies import CalendarCopy
from netwatch.net.errors import NetworkError
from netwatch.net.http.client import HttpResponse, HttpServer, http_client
from netwatch.net.http.login import login_headers
from netwatch.net.peer import speak_to

FETCH_TIMEOUT = 15.0
"""Seconds for one calendar, from the first packet to the last."""

_MAX_HEADER_BYTES = 64 * 1024
"""Octets of an answer beyond its calendar."""

_TIME_WAS_UP = {Reason.TIMEOUT, Reason.SILENT, Reason.TARPIT}
_ETAG = re.compile(r'(?:W/)?"[!#-~]{0,256}"')
_DATE = re.compile(r"[A-Za-z]{3}, [0-9A-Za-z: ]{10,40}")


class FetchError(Exception):
    """A calendar can't be fetched; says why in a few words."""


async def fetch(
    spec: CalendarSpec, login: Login | None, known: CalendarCopy | None, bounds: CalendarBounds
) -> CalendarCopy:
    """The calendar as it is now; a fresh ``known`` if the server says that nothing changed.

    Raises:
        FetchError: it could not be fetched.
    """
    assert spec.url is not None
    assert spec.address is not None
    url = URL(spec.url, encoded=True)
    server = HttpServer(url.scheme, url.port or 443, url.host or "", spec.ca)
    kind = "basic" if login and login.user else "bearer"
    asked = {**login_headers(kind, login), **_unless(known)}
    try:
        async with (
            speak_to(spec.address, FETCH_TIMEOUT, bounds.octets + _MAX_HEADER_BYTES) as peer,
            http_client(peer, server) as client,
        ):
            response = await client.get(url.raw_path_qs, max_body=bounds.octets, headers=asked)
    except NetworkError as error:
        raise FetchError(_why(error)) from None
    except ValueError as error:  # the authorities' file
        raise FetchError(str(error)) from None
    return _copy(spec.url, response, known, bounds)


def _why(error: NetworkError) -> str:
    """What went wrong, in a few words."""
    if error.reason in _TIME_WAS_UP:
        return f"no answer within {FETCH_TIMEOUT:g} s"
    if error.reason is Reason.RESET:
        return "the server hung up"
    if error.reason is Reason.PROTOCOL_ERROR:
        return error.detail
    return f"{error.reason} {error.detail}".strip()


def _unless(known: CalendarCopy | None) -> dict[str, str]:
    """Headers that ask for a newer calendar only (RFC 9110, sections 13.1.2 and 13.1.3)."""
    if known is None:
        return {}
    marks = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
    return {name: mark for name, mark in marks.items() if mark is not None}


def _copy(
    url: str, response: HttpResponse, known: CalendarCopy | None, bounds: CalendarBounds
) -> CalendarCopy:
    now = time.time()
    if response.status == 304 and known is not None:
        return known.model_copy(update={"fetched": now})
    if response.status in {401, 403}:
        raise FetchError(f"the server does not take the login ({response.status})")
    if 300 <= response.status < 400:
        raise FetchError(f"the server sends elsewhere ({response.status}); write that url")
    if response.status != 200:
        raise FetchError(f"status {response.status}")
    if not response.whole:
        raise FetchError(bounds.too_large)
    return CalendarCopy(
        url=url,
        content=response.body,
        fetched=now,
        etag=_mark(_ETAG, response.headers.get("ETag")),
        modified=_mark(_DATE, response.headers.get("Last-Modified")),
    )


def _mark(form: re.Pattern[str], value: str | None) -> str | None:
    """A header's value, to be sent back word for word; None if it isn't of the form."""
    return value if value is not None and form.fullmatch(value) else None
