"""SMTP greeting (RFC 5321): banner, EHLO, and STARTTLS (RFC 3207). No mail is ever sent."""

from __future__ import annotations

import asyncio
import re
import time

from netwatch.core.check import Check
from netwatch.core.facts import CERTIFICATE_END
from netwatch.core.params import Port
from netwatch.core.result import Outcome, Reason, Sample
from netwatch.probes.base import ProbeKind
from netwatch.probes.conversation import (
    ConversationProbe,
    Talk,
    UnfitError,
    printable,
)
from netwatch.probes.tasks import Measured
from netwatch.probes.trust import CertifiedParams, certificate_facts, trust

MAX_LINE_OCTETS = 2048
"""Octets; RFC 5321 allows 512, section 4.5.3.1.5, and servers write more."""

MAX_LINES = 100
"""Of one reply: the extensions of a server are some twenty."""

_REPLY = re.compile(rb"(\d{3})(?:([ -])([^\r\n]*))?\r?\n")


class SmtpParams(CertifiedParams):
    """Keys of ``probe: smtp``.

    Attributes:
        starttls: the server must offer TLS, and show a certificate that can be trusted.
    """

    port: Port = 25
    starttls: bool = False


class SmtpProbe(ConversationProbe[SmtpParams]):
    """Greets a mail server, and leaves."""

    async def converse(self, check: Check[SmtpParams], talk: Talk) -> Measured:
        """Greet, secure the line if that is asked for, and leave."""
        params = check.params
        begin = time.monotonic()
        reader, writer = await talk.open(params.port, MAX_LINE_OCTETS)
        own_address = writer.get_extra_info("sockname")[0]
        await _expect(reader, 220)
        literal = f"IPv6:{own_address}" if ":" in own_address else own_address
        writer.write(f"EHLO [{literal}]\r\n".encode())  # RFC 5321, section 4.1.3
        offered = await _expect(reader, 250)
        facts: tuple[Sample, ...] = ()
        if params.starttls:
            if "STARTTLS" not in {line.strip().upper() for line in offered}:
                raise UnfitError(Reason.UNEXPECTED_ANSWER, "STARTTLS is not offered")
            writer.write(b"STARTTLS\r\n")
            await _expect(reader, 220)
            context = trust(params.ca)
            await writer.start_tls(context, server_hostname=params.name or check.address)
            facts = certificate_facts(writer.get_extra_info("ssl_object"))
        took = time.monotonic() - begin
        # Who leaves without a word fills the server's log with complaints.
        writer.write(b"QUIT\r\n")
        return Measured(Outcome.SUCCESS, Reason.OK, took, facts=facts)


async def _expect(reader: asyncio.StreamReader, code: int) -> list[str]:
    """The lines of a reply that must have this code.

    Raises:
        UnfitError: the reply has another code, or is none.
        EOFError: the server hung up.
    """
    lines: list[str] = []
    while len(lines) < MAX_LINES:
        try:
            line = await reader.readuntil(b"\n")
        except asyncio.LimitOverrunError:
            raise UnfitError(Reason.PROTOCOL_ERROR, "a line without end") from None
        given, more, text = parse_line(line)
        if given != code:
            answer = printable(f"{given} {text}".strip())
            raise UnfitError(Reason.UNEXPECTED_ANSWER, f"{answer} instead of {code}")
        lines.append(text)
        if not more:
            return lines
    raise UnfitError(Reason.PROTOCOL_ERROR, f"a reply of more than {MAX_LINES} lines")


def parse_line(line: bytes) -> tuple[int, bool, str]:
    """Code of a reply's line, whether more lines follow, and its text.

    Raises:
        UnfitError: it is no line of a reply.
    """
    match = _REPLY.fullmatch(line)
    if match is None:
        detail = printable(line.decode("ascii", "replace"))
        raise UnfitError(Reason.PROTOCOL_ERROR, f"not SMTP: {detail}")
    code, separator, text = match.groups(default=b"")
    return int(code), separator == b"-", text.decode("utf-8", "replace")


PROBE = ProbeKind("smtp", SmtpParams, SmtpProbe, facts=(CERTIFICATE_END,))
