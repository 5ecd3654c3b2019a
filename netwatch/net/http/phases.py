"""How long each phase of an HTTP request takes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from types import SimpleNamespace
from typing import NamedTuple

from aiohttp import TraceConfig


class Phases(NamedTuple):
    """Seconds of each phase of a request.

    Attributes:
        connect: until there was a connection, with TLS; 0 when the former one was kept.
        wait: from then until the header of the answer was in.
        transfer: from then until the end of the body.
    """

    connect: float
    wait: float
    transfer: float


@dataclass(slots=True)
class Moments:
    """When what happened to one request, monotonic seconds."""

    begin: float
    connected: float = 0.0
    answered: float = 0.0

    def until(self, end: float) -> Phases:
        """The phases of a request whose body was read at ``end``."""
        connected = self.connected or self.begin  # no connection is made when one is kept
        return Phases(connected - self.begin, self.answered - connected, end - self.answered)


async def _connected(_session: object, context: SimpleNamespace, _what: object) -> None:
    context.trace_request_ctx.connected = time.monotonic()


async def _answered(_session: object, context: SimpleNamespace, _what: object) -> None:
    context.trace_request_ctx.answered = time.monotonic()


TRACING = TraceConfig()
"""Writes into the ``Moments`` that a request is given as ``trace_request_ctx``."""
TRACING.on_connection_create_end.append(_connected)
TRACING.on_request_end.append(_answered)
