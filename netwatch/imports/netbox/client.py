"""Asks NetBox's API (3.7 to 4.x) for lists of objects, page by page, within bounds.

Only the address that the URL names is asked: a redirect, or a ``next`` that leads elsewhere, is
never followed, so the token goes nowhere else.
"""

from __future__ import annotations

import asyncio
import json
import socket
from dataclasses import dataclass
from typing import Any

from yarl import URL

from netwatch.core.errors import ConfigError, Problem
from netwatch.core.result import Reason
from netwatch.net.errors import NetworkError
from netwatch.net.http.client import HttpResponse, HttpServer, http_client
from netwatch.net.peer import speak_to

PAGE_SIZE = 250
"""Objects of a page that are asked for; a server may give fewer."""

MAX_PAGES = 2000
"""Pages of one list."""

MAX_PAGE_OCTETS = 16 << 20
"""Octets of a page."""

PAGE_TIMEOUT = 60.0
"""Seconds for one page."""

MAX_RETRIES = 5
"""How often a page is asked for again that the server puts off (429, 503)."""

MAX_WAIT = 60.0
"""Seconds to wait when the server asks for it."""

NetboxObject = dict[str, Any]
"""An object as NetBox gives it."""


@dataclass(frozen=True, slots=True)
class NetboxServer:
    """Where NetBox is, and who asks.

    Attributes:
        url: up to where ``/api/`` begins.
        token: sent with every request, and never shown.
        ca: path of the authorities' certificates, or ``system``.
    """

    url: URL
    token: str
    ca: str = "system"

    def headers(self) -> dict[str, str]:
        """Who asks: by a token of version 2, which tells itself, or of version 1."""
        kind = "Bearer" if self.token.startswith("nbt_") else "Token"
        return {"Authorization": f"{kind} {self.token}", "Accept": "application/json"}


def parse_server(text: str, token: str, ca: str) -> NetboxServer:
    """The server that a URL names.

    Raises:
        ConfigError: it is no such URL, or would send the token in plain.
    """
    try:
        url = URL(text)
        port = url.port
    except ValueError:
        url, port = URL(), None
    if url.scheme not in {"http", "https"} or not url.host or url.user or url.query or port is None:
        raise _refused(text[:80], "không phải địa chỉ / is no URL, as https://netbox.example.vn")
    if url.scheme == "http" and not url.host.startswith(("127.", "localhost", "::1")):
        raise _refused(text[:80], "http sẽ gửi token không mã hóa / would send the token in plain")
    return NetboxServer(url, token, ca)


class NetboxApi:
    """Reads lists; made for one run of a command."""

    def __init__(self, server: NetboxServer) -> None:
        self._server = server
        self._address = ""

    async def list(self, endpoint: str) -> list[NetboxObject]:
        """All objects of an endpoint, as ``dcim/sites``.

        Raises:
            ConfigError: they can't be had, or not all of them; with what to do.
        """
        found: dict[int, NetboxObject] = {}
        offset, count = 0, 0
        for _ in range(MAX_PAGES):
            path = f"api/{endpoint}/?limit={PAGE_SIZE}&offset={offset}"
            count, more, objects = parse_page(
                await self._get(path), f"{self._server.url}/{endpoint}"
            )
            found.update({each["id"]: each for each in objects})
            offset += len(objects)
            if not more:
                break
            if not objects:
                raise _refused(
                    endpoint, "trang rỗng giữa chừng / an empty page in between; try again"
                )
        else:
            raise _refused(endpoint, f"quá {MAX_PAGES} trang / has more pages than are read")
        if len(found) != count:
            told = f"chỉ có {len(found)} trong {count} / gave fewer than it has; try again"
            raise _refused(f"{self._server.url} {endpoint}", told)
        return list(found.values())

    async def _get(self, path: str) -> bytes:
        for _ in range(MAX_RETRIES):
            response = await self._ask(path)
            if response.status not in {429, 503}:
                return self._judged(response, path)
            await asyncio.sleep(_wait(response.headers.get("Retry-After")))
        raise self._wrong("đang quá tải, hãy thử lại sau / puts off again and again; try later")

    async def _ask(self, path: str) -> HttpResponse:
        server = self._server
        assert server.url.host is not None
        assert server.url.port is not None
        self._address = self._address or await self._look_up(server.url.host)
        place = HttpServer(server.url.scheme, server.url.port, server.url.host, server.ca)
        base = server.url.raw_path.rstrip("/")
        try:
            async with (
                speak_to(self._address, PAGE_TIMEOUT, MAX_PAGE_OCTETS + (1 << 16)) as peer,
                http_client(peer, place) as client,
            ):
                return await client.get(
                    f"{base}/{path}", max_body=MAX_PAGE_OCTETS, headers=server.headers()
                )
        except NetworkError as error:
            raise self._wrong(_why(error)) from None
        except ValueError as error:  # the authorities' file
            raise self._wrong(str(error)) from None

    async def _look_up(self, host: str) -> str:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(
                host, None, type=socket.SOCK_STREAM
            )
        except OSError as error:
            raise self._wrong(f"không tìm thấy tên máy / can't be looked up: {error}") from None
        return str(found[0][4][0])

    def _judged(self, response: HttpResponse, path: str) -> bytes:
        status = response.status
        if status in {401, 403}:
            raise self._wrong(
                f"không nhận token, hoặc token không được đọc {path.partition('?')[0]} ({status})"
                " / doesn't take the token, or not for this"
            )
        if 300 <= status < 400:
            place = str(response.headers.get("Location", ""))[:80]
            raise self._wrong(
                f"chuyển sang {place!r}, hãy dùng địa chỉ đúng / sends elsewhere: write that url"
            )
        if status == 404:
            raise self._wrong(
                f"không có {path.partition('?')[0]} / has no such page; is it NetBox?"
            )
        if status != 200:
            raise self._wrong(f"trả lời {status} / answers with that status")
        if not response.whole:
            raise self._wrong("trả lời quá dài hoặc bị cắt / its answer is too long, or cut off")
        return response.body

    def _wrong(self, message: str) -> ConfigError:
        return _refused(str(self._server.url), message)


def parse_page(data: bytes, place: str) -> tuple[int, bool, list[NetboxObject]]:
    """How many objects the whole list has, whether more follow, and those of this page.

    Raises:
        ConfigError: it is not a page of NetBox.
    """
    page = _json(data, place)
    if isinstance(page, dict):
        count, results = page.get("count"), page.get("results")
        if isinstance(count, int) and isinstance(results, list) and "next" in page:
            objects = [each for each in results if isinstance(each, dict)]
            if len(objects) == len(results) and all(isinstance(o.get("id"), int) for o in objects):
                return count, page["next"] is not None, objects
    raise _refused(place, "không phải trả lời của NetBox / is not an answer of NetBox's API")


def _json(data: bytes, place: str) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise _refused(place, "không phải JSON / is not JSON; is it NetBox?") from None


def _wait(told: str | None) -> float:
    """Seconds to wait, as the server tells."""
    known = told is not None and told.isascii() and told.isdigit() and len(told) < 6
    return min(float(told or 0), MAX_WAIT) if known else 1.0


def _why(error: NetworkError) -> str:
    if error.reason in {Reason.CERTIFICATE_INVALID, Reason.CERTIFICATE_EXPIRED}:
        return (
            f"chứng thư không đáng tin, dùng --ca TỆP / its certificate can't be trusted; --ca FILE"
            f" names who signed it ({error.detail})"
        )
    return f"không trả lời / doesn't answer: {error.reason} {error.detail}".strip()


def _refused(place: str, message: str) -> ConfigError:
    return ConfigError([Problem(place, message)])
