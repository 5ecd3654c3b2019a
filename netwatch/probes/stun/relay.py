"""Whether a TURN server gives a relay (RFC 8656), to nobody or to those with a password."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from netwatch.core.facts import endpoint_facts
from netwatch.core.login import Login
from netwatch.core.result import Outcome, Reason
from netwatch.net.errors import NetworkError
from netwatch.probes.stun.credentials import Credentials, credentials_for
from netwatch.probes.stun.message import (
    ALLOCATE,
    REFRESH,
    StunResponse,
    allocate_request,
    new_transaction,
    parse_response,
    release_request,
)
from netwatch.probes.stun.transport import StunTransport
from netwatch.probes.tasks import Measured

TRY_ALTERNATE = 300
_UNAUTHORIZED, _STALE_NONCE = 401, 438
_QUOTA_REACHED, _NO_CAPACITY = 486, 508

_CHALLENGES = 3
"""How often one question is asked: without credentials, with them, and with a newer nonce."""

_RELEASE = 1.0
"""Seconds for which the end of an allocation is waited for."""

Request = Callable[[bytes, Credentials | None], bytes]
"""Makes a message of a transaction and credentials."""


async def try_relay(transport: StunTransport, login: Login | None) -> Measured:
    """Ask for a relay; one that is given is given back, whatever happens."""
    relay = _Relay(transport, login)
    try:
        response = await relay.ask(allocate_request, ALLOCATE)
        if login is None and response.error == _UNAUTHORIZED and response.challenge is not None:
            known = endpoint_facts(reachable=True, stack_alive=True)
            return Measured(Outcome.SUCCESS, Reason.OK, detail="demands a password", facts=known)
        measured = _judge(response, demanded=relay.credentials is not None)
        if response.error is None and not await relay.release():
            measured = replace(measured, detail=f"{measured.detail}, and does not take it back")
        return measured
    finally:
        await relay.abandon()


class _Relay:
    """An allocation that may exist.

    Attributes:
        credentials: what it is asked for with; None before the server demanded some.
    """

    def __init__(self, transport: StunTransport, login: Login | None) -> None:
        self.credentials: Credentials | None = None
        self._transport = transport
        self._login = login
        self._may_exist = False

    async def ask(self, request: Request, method: int) -> StunResponse:
        """A question, asked again with the password when the server demands one.

        Its nonce may be too old at once (438), so that is done twice.
        """
        for _ in range(_CHALLENGES):
            response = await self._ask(request, method)
            first = response.error == _UNAUTHORIZED and self.credentials is None
            if self._login is None or response.challenge is None:
                break
            if not first and response.error != _STALE_NONCE:
                break
            self.credentials = credentials_for(response.challenge, self._login)
        return response

    async def _ask(self, request: Request, method: int) -> StunResponse:
        transaction, credentials = new_transaction(), self.credentials
        # Until the server has said no, it may have given what it was asked for.
        self._may_exist = True
        response = await self._transport.ask(
            request(transaction, credentials),
            lambda data: parse_response(data, method, transaction, credentials),
        )
        if method == ALLOCATE:
            self._may_exist = response.error is None
        return response

    async def release(self) -> bool:
        """Give it back; whether the server said that it is gone."""
        try:
            async with asyncio.timeout(_RELEASE):
                response = await self.ask(release_request, REFRESH)
        except (NetworkError, TimeoutError):
            return False
        self._may_exist = response.error is not None
        return not self._may_exist

    async def abandon(self) -> None:
        """Give back what may exist, when there is no time any more to wait for an answer."""
        if self._may_exist:
            with suppress(NetworkError):
                await self._transport.send(release_request(new_transaction(), self.credentials))


def redirection(response: StunResponse) -> Measured | None:
    """The judgement of an answer that names another server (RFC 8489, section 10); else None.

    It does what it was set up for. Whether that server is ready is for a check of its own to say.
    """
    if response.error != TRY_ALTERNATE or response.alternate is None:
        return None
    known = endpoint_facts(reachable=True, stack_alive=True)
    detail = f"sends to another server: {response.alternate}"
    return Measured(Outcome.SUCCESS, Reason.OK, detail=detail, facts=known)


def _judge(response: StunResponse, *, demanded: bool) -> Measured:
    if response.error is None and response.relayed is None:
        known = endpoint_facts(reachable=True, stack_alive=True, ready=False)
        detail = "a success without a relay"
        return Measured(Outcome.FAILURE, Reason.PROTOCOL_ERROR, detail=detail, facts=known)
    if response.error is None:
        known = endpoint_facts(reachable=True, stack_alive=True, ready=True)
        detail = "gives a relay for the password" if demanded else "allocates for anyone"
        return Measured(Outcome.SUCCESS, Reason.OK, detail=detail, facts=known)
    if sent_on := redirection(response):
        return sent_on
    if response.error == _UNAUTHORIZED and demanded:
        known = endpoint_facts(reachable=True, stack_alive=True)
        detail = "does not take the password"
        return Measured(Outcome.FAILURE, Reason.AUTHENTICATION, detail=detail, facts=known)
    full = response.error in {_QUOTA_REACHED, _NO_CAPACITY}
    known = endpoint_facts(reachable=True, stack_alive=True, ready=False if full else None)
    detail = f"error {response.error}"
    return Measured(Outcome.FAILURE, Reason.UNEXPECTED_ANSWER, detail=detail, facts=known)
