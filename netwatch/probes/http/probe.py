"""Asks for one page, and holds the answer against what is wanted."""

from __future__ import annotations

import time

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Reason
from netwatch.net.http.client import HttpServer, http_client
from netwatch.net.peer import Peer
from netwatch.probes.http.facts import response_facts
from netwatch.probes.http.params import HttpParams
from netwatch.probes.service import ServiceProbe
from netwatch.probes.tasks import Measured

MAX_BODY_OCTETS = 64 * 1024
"""Octets of a body that are read; what the check looks for has to stand in them."""


class HttpProbe(ServiceProbe[HttpParams]):
    """Asks for one page."""

    async def ask(self, check: Check[HttpParams], peer: Peer) -> Measured:
        """Ask, follow what may be followed, and judge."""
        params = check.params
        name = params.name or check.address
        server = HttpServer(params.scheme, params.tcp_port, name, params.ca)
        begin = time.monotonic()
        async with http_client(peer, server) as client:
            response = await client.get(
                params.path, max_body=MAX_BODY_OCTETS, redirects=params.redirects
            )
            duration = time.monotonic() - begin
        detail = ""
        if response.status not in params.status:
            wanted = ", ".join(map(str, params.status))
            detail = f"status {response.status} instead of {wanted}"
        elif params.contains is not None and params.contains.encode() not in response.body:
            detail = "the text that is looked for is missing"
            if response.packed:
                detail = f"packed with {response.packed}, unasked; no text can be looked for"
        if detail:
            reason = Reason.UNEXPECTED_ANSWER
            return Measured(Outcome.FAILURE, reason, detail=detail, facts=response_facts(response))
        return Measured(Outcome.SUCCESS, Reason.OK, duration, facts=response_facts(response))
