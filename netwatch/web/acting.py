"""Requests that change something: who may send them, from where, how often, and what they hold."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web

from netwatch.audit.who import Who, logged_in
from netwatch.incidents.notes import NoteRefusedError
from netwatch.incidents.shape import Words
from netwatch.metrics.web import WebMetrics, WebRefusal
from netwatch.web.access import VISITOR
from netwatch.web.config.grammar import RateLimit
from netwatch.web.rate import RateLimiter
from netwatch.web.tokens import OneTimeTokens

MAX_BODY = 16 * 1024
"""Octets of a body."""

BODY_TIMEOUT = 10.0
"""Seconds in which a body must be there."""

RATE = RateLimit.model_construct(interval=2.0, burst=10)
"""How often one user may change something."""

TOKEN_HEADER = "X-Netwatch-Token"  # noqa: S105 (the name of a header)

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


@dataclass(frozen=True, slots=True)
class Order:
    """A request to change something that is taken. Attributes: who sends it; fields, its body."""

    who: Who
    fields: Mapping[str, str]


Act = Callable[[web.Request, Order], Awaitable[object]]
"""Does what is ordered; returns what is answered, as JSON takes it."""


class Acting:
    """Decides on requests that change something.

    Args:
        metrics: counts what is refused.

    Attributes:
        tokens: that were given.
    """

    def __init__(self, metrics: WebMetrics) -> None:
        self.tokens = OneTimeTokens()
        self._metrics = metrics
        self._limiter = RateLimiter()

    def route(self, app: web.Application, path: str, fields: frozenset[str], act: Act) -> None:
        """Add a POST route.

        Args:
            app: it is added to.
            path: of the route.
            fields: names of the strings that the body may hold, and must.
            act: does it.
        """

        async def answer(request: web.Request) -> web.StreamResponse:
            try:
                order = await self._order(request, fields)
                return json_answer(await act(request, order))
            except NoteRefusedError as refused:
                return json_answer({"error": refused.words}, refused.status)

        app.router.add_post(path, answer)

    async def _order(self, request: web.Request, fields: frozenset[str]) -> Order:
        """What is ordered, and by whom.

        Raises:
            NoteRefusedError: it isn't taken.
        """
        visitor = request[VISITOR]
        if visitor.user is None or not visitor.may_act:
            raise self._refusal(
                403, WebRefusal.ROLE, "bạn không có quyền thực hiện", "you may not change anything"
            )
        if not is_same_origin(request):
            raise self._refusal(
                403, WebRefusal.ORIGIN, "yêu cầu từ trang khác", "the request is from another page"
            )
        if not self._limiter.allow(visitor.user, RATE):
            raise self._refusal(
                429, WebRefusal.RATE, "quá nhiều yêu cầu; chờ vài giây", "too many; wait a moment"
            )
        if not self.tokens.take(visitor.user, request.headers.get(TOKEN_HEADER, "")):
            raise self._refusal(
                403,
                WebRefusal.TOKEN,
                "mã dùng một lần không đúng hoặc đã dùng; tải lại trang",
                "the one-time token is wrong or was used; load the page again",
            )
        return Order(logged_in(visitor.user), _fields(await _body(request), fields))

    def _refusal(self, status: int, reason: WebRefusal, vi: str, en: str) -> NoteRefusedError:
        self._metrics.refuse(reason)
        return NoteRefusedError(status, vi, en)


def is_same_origin(request: web.Request) -> bool:
    """Whether a page of ours sent a request, as far as browsers say (Fetch standard).

    A browser sends Origin with every POST, and over TLS Sec-Fetch-Site, which no page can set. What
    sends neither is none, and is refused. Behind a proxy that changes Host, the second one counts.
    """
    site = request.headers.getall("Sec-Fetch-Site", [])
    if site:
        return site == ["same-origin"]
    origins = request.headers.getall("Origin", [])
    if len(origins) != 1:
        return False
    try:
        origin = urlsplit(origins[0])
    except ValueError:
        return False
    if request.secure and origin.scheme != "https":
        return False
    own = request.host.lower()
    port = _DEFAULT_PORTS.get(origin.scheme)
    return port is not None and origin.netloc.lower().removesuffix(port) == own.removesuffix(port)


def json_answer(value: object, status: int = 200) -> web.Response:
    """A value as JSON."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return web.Response(text=text, status=status, content_type="application/json")


async def _body(request: web.Request) -> bytes:
    """The body, within its bounds.

    Raises:
        NoteRefusedError: it is too long, too slow, or no JSON.
    """
    if request.content_type != "application/json":
        raise NoteRefusedError(400, "cần application/json", "application/json is wanted")
    too_long = NoteRefusedError(
        413, f"nội dung quá {MAX_BODY} octet", f"the body has more than {MAX_BODY} octets"
    )
    if (request.content_length or 0) > MAX_BODY:
        raise too_long
    content = bytearray()
    try:
        async with asyncio.timeout(BODY_TIMEOUT):
            async for chunk in request.content.iter_any():
                content += chunk
                if len(content) > MAX_BODY:
                    raise too_long
    except TimeoutError:
        raise NoteRefusedError(400, "gửi quá chậm", "the body came too slowly") from None
    return bytes(content)


def _fields(content: bytes, names: frozenset[str]) -> dict[str, str]:
    """The strings in a JSON object.

    Raises:
        NoteRefusedError: it is something else, or has other names.
    """
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        value = None
    is_object = isinstance(value, dict) and value.keys() == names
    if not is_object or not all(isinstance(each, str) for each in value.values()):
        wanted = ", ".join(sorted(names))
        message: Words = {
            "vi": f"cần một đối tượng JSON gồm các chuỗi: {wanted}",
            "en": f"a JSON object of these strings is wanted: {wanted}",
        }
        raise NoteRefusedError(400, message["vi"], message["en"])
    return dict(value)
