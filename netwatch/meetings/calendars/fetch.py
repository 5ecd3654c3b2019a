"""Fetches one calendar over HTTPS (RFC 9110): bounded, from one address, without redirects."""

from __future__ import annotations

import asyncio
import re
import time

from yarl import URL

from netwatch.core.login import Login
from netwatch.inventory.meetings import CalendarSpec
from netwatch.meetings.calendars.copies import CalendarCopy
from netwatch.meetings.calendars.ical import MAX_CALENDAR_BYTES
from netwatch.probes.conversation import Talk, UnfitError
from netwatch.probes.http.access import headers
from netwatch.probes.http.client import Answer, Server, client

FETCH_TIMEOUT = 15.0
"""Seconds for one calendar, from the first packet to the last."""

_MAX_HEADER_BYTES = 64 * 1024
"""Octets of an answer beyond its calendar."""

_ETAG = re.compile(r'(?:W/)?"[!#-~]{0,256}"')
_DATE = re.compile(r"[A-Za-z]{3}, [0-9A-Za-z: ]{10,40}")


class FetchError(Exception):
    """A calendar can't be fetched; says why in a few words."""


async def fetch(
    spec: CalendarSpec, login: Login | None, known: CalendarCopy | None
) -> CalendarCopy:
    """The calendar as it is now; a fresh ``known`` if the server says that nothing changed.

    Raises:
        FetchError: it could not be fetched.
    """
    assert spec.url is not None
    assert spec.address is not None
    url = URL(spec.url, encoded=True)
    server = Server(spec.address, url.scheme, url.port or 443, url.host or "", spec.ca)
    asked = {**headers("basic" if login and login.user else "bearer", login), **_unless(known)}
    talk = Talk(spec.address, MAX_CALENDAR_BYTES + _MAX_HEADER_BYTES)
    try:
        async with asyncio.timeout(FETCH_TIMEOUT), client(talk, server) as connected:
            answer = await connected.get(url.raw_path_qs, most=MAX_CALENDAR_BYTES, headers=asked)
    except TimeoutError:
        raise FetchError(f"no answer within {FETCH_TIMEOUT:g} s") from None
    except UnfitError as error:
        raise FetchError(error.detail) from None
    except EOFError:
        raise FetchError("the server hung up") from None
    except OSError as error:
        failed = talk.failed(error)
        raise FetchError(f"{failed.reason} {failed.detail}".strip()) from None
    except ValueError as error:  # the authorities' file
        raise FetchError(str(error)) from None
    finally:
        talk.close()
    return _copy(spec.url, answer, known)


def _unless(known: CalendarCopy | None) -> dict[str, str]:
    """Headers that ask for a newer text only (RFC 9110, sections 13.1.2 and 13.1.3)."""
    if known is None:
        return {}
    marks = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
    return {name: mark for name, mark in marks.items() if mark is not None}


def _copy(url: str, answer: Answer, known: CalendarCopy | None) -> CalendarCopy:
    now = time.time()
    if answer.status == 304 and known is not None:
        return known.model_copy(update={"fetched": now})
    if answer.status in {401, 403}:
        raise FetchError(f"the server does not take the login ({answer.status})")
    if 300 <= answer.status < 400:
        raise FetchError(f"the server sends elsewhere ({answer.status}); write that url")
    if answer.status != 200:
        raise FetchError(f"status {answer.status}")
    if not answer.whole:
        raise FetchError(f"is larger than {MAX_CALENDAR_BYTES >> 20} MiB")
    try:
        text = answer.body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FetchError("is not UTF-8") from None
    return CalendarCopy(
        url=url,
        text=text,
        fetched=now,
        etag=_mark(_ETAG, answer.headers.get("ETag")),
        modified=_mark(_DATE, answer.headers.get("Last-Modified")),
    )


def _mark(form: re.Pattern[str], value: str | None) -> str | None:
    """A header's value, to be sent back word for word; None if it isn't of the form."""
    return value if value is not None and form.fullmatch(value) else None
