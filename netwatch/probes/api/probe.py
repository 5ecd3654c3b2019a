"""Asks the questions of an adapter, and tells what follows from the answers."""

from __future__ import annotations

import time
from collections.abc import Sequence

from netwatch.adapters import AdapterRequest, AdapterRule, DocumentError, values_at
from netwatch.adapters.adapter import STATUS
from netwatch.adapters.document import Exclusion
from netwatch.core.check import Check
from netwatch.core.fact_rules import derive_facts
from netwatch.core.facts import endpoint_facts
from netwatch.core.result import Outcome, Reason, Sample
from netwatch.net.errors import NetworkError, NoAnswerError
from netwatch.net.http.client import HttpResponse, HttpServer, http_client
from netwatch.net.http.login import login_headers, signed_path
from netwatch.net.peer import Peer
from netwatch.probes.api.params import ApiParams
from netwatch.probes.endpoint import EndpointProbe
from netwatch.probes.http.facts import response_facts
from netwatch.probes.tasks import Measured

MAX_BODY_OCTETS = 192 * 1024
"""Octets of one answer; a longer one is not read at all, because its end would be missing."""

_REFUSED = {401, 403}

Found = list[tuple[AdapterRule, Sequence[str]]]
"""Values, each with the rule that judges them."""


class ApiProbe(EndpointProbe[ApiParams]):
    """All questions of an adapter in one slot, one after the other over one connection."""

    async def ask(self, check: Check[ApiParams], peer: Peer) -> Measured:
        """Ask everything; the first thing that is wrong decides the outcome."""
        params = check.params
        adapter = params.system
        name = params.name or check.address
        server = HttpServer(params.web_scheme, params.tcp_port, name, params.ca)
        begin = time.monotonic()
        found: Found = []
        wrong: NetworkError | None = None
        shown: tuple[Sample, ...] = ()
        async with http_client(peer, server, keep=True) as client:
            for question in adapter.questions:
                response = await client.get(
                    signed_path(adapter.login, check.login, question.path),
                    max_body=MAX_BODY_OCTETS,
                    headers=login_headers(adapter.login, check.login),
                )
                shown = response_facts(response)
                try:
                    found += _read(question, response)
                except NetworkError as error:
                    found += _by_status(question, response)
                    wrong = wrong or error
            duration = time.monotonic() - begin
        facts = (*endpoint_facts(reachable=True, stack_alive=True), *derive_facts(found), *shown)
        if wrong is not None:
            return Measured(Outcome.FAILURE, wrong.reason, detail=wrong.detail, facts=facts)
        return Measured(Outcome.SUCCESS, Reason.OK, duration, facts=facts)


def _read(question: AdapterRequest, response: HttpResponse) -> Found:
    """What an answer says.

    Raises:
        NetworkError: it is not to be believed.
    """
    place = question.path.partition("?")[0]
    if response.status in _REFUSED and response.status not in question.status:
        raise NetworkError(Reason.AUTHENTICATION, f"{response.status} from {place}")
    if response.status not in question.status:
        raise NetworkError(Reason.UNEXPECTED_ANSWER, f"status {response.status} from {place}")
    if question.format == "none":
        return _by_status(question, response)
    if response.packed:
        raise NoAnswerError(f"{place} is packed with {response.packed}, unasked")
    if not response.whole:
        detail = f"more than {MAX_BODY_OCTETS // 1024} KiB from {place}"
        raise NoAnswerError(detail)
    paths = [path for path in question.places if path != STATUS]
    try:
        values = values_at(
            response.body, question.format, paths, question.root, _left_out(question)
        )
    except DocumentError as error:
        raise NetworkError(Reason.PROTOCOL_ERROR, f"{place} {error}") from None
    expect = question.expect
    if expect is not None and not {*values[expect.at]} & {*expect.one_of}:
        detail = f"{expect.at} is not {' or '.join(expect.one_of)}"
        raise NetworkError(Reason.UNEXPECTED_ANSWER, detail)
    by_body: Found = [(rule, values[rule.at]) for rule in question.tells if rule.at != STATUS]
    return by_body + _by_status(question, response)


def _left_out(question: AdapterRequest) -> Exclusion | None:
    without = question.without
    return Exclusion(without.at, without.one_of) if without else None


def _by_status(question: AdapterRequest, response: HttpResponse) -> Found:
    return [(rule, [str(response.status)]) for rule in question.tells if rule.at == STATUS]
