"""Takes what Alertmanager posts, and answers when everybody was told.

Nothing is kept here that could be lost: what was not taken by a channel is not acknowledged, and
Alertmanager sends it again. So its queue is the queue, and what has arrived already is not sent a
second time.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Sequence
from typing import Protocol
from zoneinfo import ZoneInfo

from aiohttp import web

from netwatch.notify.alerts import MAX_BODY, Alert, read_alerts
from netwatch.notify.failure import NotSentError
from netwatch.notify.message import message

PATH = "/alertmanager"

MAX_WAITING = 100
"""Requests that wait at a time; others are told to come again."""

MAX_PARALLEL = 4
"""Messages under way at a time."""

MAX_REMEMBERED = 20_000
"""Messages that are known to have arrived."""

logger = logging.getLogger(__name__)


class MessageChannel(Protocol):
    """A way to people. Attributes: name, in the log; to, those who are told."""

    @property
    def name(self) -> str:
        """In the log."""

    @property
    def to(self) -> Sequence[str]:
        """Those who are told."""

    async def send(self, to: str, text: str) -> None:
        """Send a text; raises NotSentError when it is not taken."""


class NotifyBridge:
    """The web application.

    Args:
        channels: by which everybody is told.
        zone: of the times in messages.
    """

    def __init__(self, channels: Sequence[MessageChannel], zone: ZoneInfo) -> None:
        self._channels = channels
        self._zone = zone
        self._arrived: OrderedDict[tuple[str, ...], None] = OrderedDict()
        self._waiting = 0
        self._turns = asyncio.Semaphore(MAX_PARALLEL)
        self._telling = asyncio.Lock()

    def app(self) -> web.Application:
        """The application, to be guarded."""
        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_post(PATH, self._take)
        app.router.add_get("/-/healthy", _healthy)
        return app

    async def _take(self, request: web.Request) -> web.StreamResponse:
        if self._waiting >= MAX_WAITING:
            raise web.HTTPServiceUnavailable(text="too many wait; come again\n")
        if request.content_type != "application/json":  # what a page of somebody else's can't send
            raise web.HTTPUnsupportedMediaType(text="application/json is wanted\n")
        self._waiting += 1
        try:
            alerts = read_alerts(await request.read())
            # One request after the other, so that what is sent twice at once is told once.
            async with self._telling:
                failures = await self._tell(alerts)
        except ValueError as error:
            raise web.HTTPBadRequest(text=f"{error}\n") from None
        finally:
            self._waiting -= 1
        if not failures:
            return web.Response(text="told\n")
        text = "; ".join(sorted({str(each) for each in failures}))
        if any(each.is_temporary for each in failures):
            raise web.HTTPServiceUnavailable(text=f"{text}\n")
        raise web.HTTPUnprocessableEntity(text=f"{text}\n")

    async def _tell(self, alerts: Sequence[Alert]) -> list[NotSentError]:
        """Tell everybody who was not told yet; returns what went wrong."""
        done = await asyncio.gather(
            *(
                self._send(channel, to, alert)
                for alert in alerts
                for channel in self._channels
                for to in channel.to
            )
        )
        return [failure for failure in done if failure is not None]

    async def _send(self, channel: MessageChannel, to: str, alert: Alert) -> NotSentError | None:
        begun = alert.begun.isoformat()
        mark = channel.name, to, alert.fingerprint, begun, alert.status
        if mark in self._arrived:
            return None
        try:
            async with self._turns:
                await channel.send(to, message(alert, self._zone))
        except NotSentError as failure:
            logger.warning("%s to %s: not sent: %s", channel.name, to, failure)
            return failure
        self._arrived[mark] = None
        if len(self._arrived) > MAX_REMEMBERED:
            self._arrived.popitem(last=False)
        return None


async def _healthy(_request: web.Request) -> web.StreamResponse:
    return web.Response(text="ok\n")
