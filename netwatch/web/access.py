"""Who is answered: requests for a name of ours, not too many, and from whom we know.

There are two roles. Whoever is answered may look. Who may also act is told by the setting
``web_act_users``; what they send is decided on in ``netwatch.web.acting``.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from netwatch.audit.log import AuditLog
from netwatch.audit.logins import RefusedLogins
from netwatch.metrics.web import WebMetrics, WebRefusal
from netwatch.web.addresses import ip_of
from netwatch.web.config.load import WebConfig
from netwatch.web.config.watch import CurrentWebConfig
from netwatch.web.connection import ExchangePhase
from netwatch.web.exchange import exchange_of
from netwatch.web.hosts import HostNames
from netwatch.web.passwords import Passwords, TooManyLoginsError
from netwatch.web.rate import RateLimiter

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who sent a request.

    Attributes:
        user: by whose name they logged in; None where nobody needs to.
        may_act: whether they may change something.
    """

    user: str | None = None
    may_act: bool = False


VISITOR = web.RequestKey("visitor", Visitor)
"""Under which the visitor is found in a request that is answered."""


class Access:
    """Decides on each request before the application sees it; close it at the end.

    Args:
        config: in force now; none: nobody needs to log in.
        metrics: counts what is refused.
        hosts: names that are ours; none: whatever the client calls us.
        refused_logins: takes down who was refused; none: they are only logged.
    """

    def __init__(
        self,
        config: CurrentWebConfig | None = None,
        metrics: WebMetrics | None = None,
        hosts: HostNames | None = None,
        refused_logins: RefusedLogins | None = None,
    ) -> None:
        self._config = config or CurrentWebConfig(WebConfig())
        self._metrics = metrics or WebMetrics()
        self._hosts = hosts
        self._refused_logins = refused_logins or RefusedLogins(AuditLog())
        self._limiter = RateLimiter()
        self._passwords = Passwords()

    def guard(self, app: web.Application) -> None:
        """Have every request to ``app`` decided on, and every answer finished."""
        app.middlewares.insert(0, self._admit)
        app.on_response_prepare.append(_finish)
        app.on_cleanup.append(self._close)

    @web.middleware
    async def _admit(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        exchange = exchange_of(request)
        exchange.enter(ExchangePhase.ANSWER)
        config = self._config.current
        source = exchange.connection.source
        if not self._limiter.allow(source, config.rate):
            self._metrics.refuse(WebRefusal.RATE)
            raise _try_later("too many requests")
        if self._hosts is not None and not _is_for(request, self._hosts):
            self._metrics.refuse(WebRefusal.HOST)
            text = "this host name is not ours; if it should be, add it to web_hosts\n"
            raise web.HTTPMisdirectedRequest(text=text)
        if config.users:
            request[VISITOR] = await self._logged_in(request, config, source)
            exchange.know_client()
        else:
            request[VISITOR] = Visitor()
        return await handler(request)

    async def _logged_in(self, request: web.Request, config: WebConfig, source: str) -> Visitor:
        """Who logged in with this request.

        Raises:
            HTTPUnauthorized: nobody did.
            HTTPTooManyRequests: others are logging in.
        """
        given = _credentials(request.headers.getall("Authorization", []))
        try:
            if given and await self._passwords.match(config.users, *given, source):
                return Visitor(given[0], given[0] in config.act_users)
        except TooManyLoginsError:
            self._metrics.refuse(WebRefusal.LOGINS_BUSY)
            raise _try_later("too many logins at a time") from None
        self._metrics.refuse(WebRefusal.LOGIN)
        if given:
            self._refused_logins.add(given[0], source, is_known=given[0] in config.users)
        challenge = {"WWW-Authenticate": 'Basic realm="netwatch", charset="UTF-8"'}
        raise web.HTTPUnauthorized(headers=challenge, text="log in\n")

    async def _close(self, _app: web.Application) -> None:
        self._passwords.close()
        self._refused_logins.close()


async def _finish(request: web.Request, response: web.StreamResponse) -> None:
    exchange_of(request).finish(response)


def _try_later(text: str) -> web.HTTPTooManyRequests:
    return web.HTTPTooManyRequests(headers={"Retry-After": "1"}, text=f"{text}\n")


def _is_for(request: web.Request, hosts: HostNames) -> bool:
    """Whether a request is for a name of ours: by its Host header, and by its target if absolute.

    Clients of HTTP/1.0 may send none; browsers always do (RFC 9112, section 3.2).
    """
    named = request.headers.getall("Host", [])
    if not named and request.version >= (1, 1):
        return False
    if request.raw_path.startswith(("http:", "https:")):
        named = [*named, request.url.authority]
    local = ip_of(request.transport.get_extra_info("sockname") if request.transport else None)
    return all(hosts.know(name, local) for name in named)


def _credentials(headers: list[str]) -> tuple[str, bytes] | None:
    """User and password of Basic authentication (RFC 7617); None when there are none."""
    if len(headers) != 1:
        return None
    scheme, _, token = headers[0].partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(token.strip(), validate=True).partition(b":")
        return (user.decode(), password) if colon else None
    except (binascii.Error, ValueError):
        return None
