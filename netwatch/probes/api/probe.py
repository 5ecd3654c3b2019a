"""Asks the questions of an adapter, and tells what follows from the answers."""

from __future__ import annotations

import time
from collections.abc import Sequence

from netwatch.adapters import AdapterRequest, AdapterRule, DocumentError, values_at
from netwatch.adapters.adapter import STATUS
from netwatch.core.check import Check
from netwatch.core.fact_rules import derive_facts
from netwatch.core.facts import endpoint_facts
from netwatch.core.result import Outcome, Reason, Sample
from netwatch.probes.api.params import ApiParams
from netwatch.probes.conversation import ConversationProbe, Talk, UnfitError
from netwatch.probes.endpoint import without_answer
from netwatch.probes.http.access import headers, path
from netwatch.probes.http.client import Answer, Server, client
from netwatch.probes.tasks import Measured

MAX_BODY_OCTETS = 192 * 1024
"""Octets of one answer; a longer one is not read at all, because its end would be missing."""

_REFUSED = {401, 403}

Found = list[tuple[AdapterRule, Sequence[str]]]
"""Values, each with the rule that judges them."""


class ApiProbe(ConversationProbe[ApiParams]):
    """All questions of an adapter in one slot, one after the other over one connection."""

    async def measure(self, check: Check[ApiParams]) -> Measured:
        """Ask, and say what it means when there is no answer."""
        measured = await super().measure(check)
        if measured.facts or measured.outcome is not Outcome.FAILURE:
            return measured
        return without_answer(measured)

    async def converse(self, check: Check[ApiParams], talk: Talk) -> Measured:
        """Ask everything; the first thing that is wrong decides the outcome."""
        params = check.params
        adapter = params.system
        name = params.name or check.address
        server = Server(check.address, params.web_scheme, params.tcp_port, name, params.ca)
        begin = time.monotonic()
        found: Found = []
        wrong: UnfitError | None = None
        shown: tuple[Sample, ...] = ()
        async with client(talk, server, keep=True) as asked:
            for question in adapter.questions:
                answer = await asked.get(
                    path(adapter.login, check.login, question.path),
                    most=MAX_BODY_OCTETS,
                    headers=headers(adapter.login, check.login),
                )
                shown = answer.facts
                try:
                    found += _read(question, answer)
                except UnfitError as error:
                    found += _by_status(question, answer)
                    wrong = wrong or error
            duration = time.monotonic() - begin
        facts = (*endpoint_facts(reachable=True, stack_alive=True), *derive_facts(found), *shown)
        if wrong is not None:
            return Measured(Outcome.FAILURE, wrong.reason, detail=wrong.detail, facts=facts)
        return Measured(Outcome.SUCCESS, Reason.OK, duration, facts=facts)


def _read(question: AdapterRequest, answer: Answer) -> Found:
    """What an answer says.

    Raises:
        UnfitError: it is not to be believed.
    """
    place = question.path.partition("?")[0]
    if answer.status in _REFUSED and answer.status not in question.status:
        raise UnfitError(Reason.AUTHENTICATION, f"{answer.status} from {place}")
    if answer.status not in question.status:
        raise UnfitError(Reason.UNEXPECTED_ANSWER, f"status {answer.status} from {place}")
    if question.format == "none":
        return _by_status(question, answer)
    if not answer.whole:
        detail = f"more than {MAX_BODY_OCTETS // 1024} KiB from {place}"
        raise UnfitError(Reason.PROTOCOL_ERROR, detail)
    paths = [path for path in question.places if path != STATUS]
    try:
        values = values_at(answer.body, question.format, paths, question.root)
    except DocumentError as error:
        raise UnfitError(Reason.PROTOCOL_ERROR, f"{place} {error}") from None
    expect = question.expect
    if expect is not None and not {*values[expect.at]} & {*expect.one_of}:
        detail = f"{expect.at} is not {' or '.join(expect.one_of)}"
        raise UnfitError(Reason.UNEXPECTED_ANSWER, detail)
    by_body: Found = [(rule, values[rule.at]) for rule in question.tells if rule.at != STATUS]
    return by_body + _by_status(question, answer)


def _by_status(question: AdapterRequest, answer: Answer) -> Found:
    return [(rule, [str(answer.status)]) for rule in question.tells if rule.at == STATUS]
