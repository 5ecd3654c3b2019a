"""Asks for one page, and holds the answer against what is wanted."""

from __future__ import annotations

import time

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Reason
from netwatch.probes.conversation import ConversationProbe, Talk
from netwatch.probes.http.client import Server, client
from netwatch.probes.http.params import HttpParams
from netwatch.probes.tasks import Measured

MAX_BODY_OCTETS = 64 * 1024
"""Octets of a body that are read; what the check looks for has to stand in them."""


class HttpProbe(ConversationProbe[HttpParams]):
    """Asks for one page."""

    async def converse(self, check: Check[HttpParams], talk: Talk) -> Measured:
        """Ask, follow what may be followed, and judge."""
        params = check.params
        name = params.name or check.address
        server = Server(check.address, params.scheme, params.tcp_port, name, params.ca)
        begin = time.monotonic()
        async with client(talk, server) as asked:
            answer = await asked.get(params.path, most=MAX_BODY_OCTETS, redirects=params.redirects)
            duration = time.monotonic() - begin
        detail = ""
        if answer.status not in params.status:
            wanted = ", ".join(map(str, params.status))
            detail = f"status {answer.status} instead of {wanted}"
        elif params.contains is not None and params.contains.encode() not in answer.body:
            detail = "the text that is looked for is missing"
        if detail:
            reason = Reason.UNEXPECTED_ANSWER
            return Measured(Outcome.FAILURE, reason, detail=detail, facts=answer.facts)
        return Measured(Outcome.SUCCESS, Reason.OK, duration, facts=answer.facts)
