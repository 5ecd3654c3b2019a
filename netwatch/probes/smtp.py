"""SMTP greeting (RFC 5321): banner, EHLO, and STARTTLS (RFC 3207). No mail is ever sent."""

from __future__ import annotations

import re
import time

from netwatch.core.check import Check
from netwatch.core.params import Port
from netwatch.core.result import Outcome, Reason, Sample
from netwatch.net.connection import Connection
from netwatch.net.errors import NetworkError, printable
from netwatch.net.peer import Peer
from netwatch.net.trust import trust_now
from netwatch.probes.base import ProbeKind
from netwatch.probes.certificates import CERTIFICATE_END, CertifiedParams, certificate_facts
from netwatch.probes.service import ServiceProbe
from netwatch.probes.tasks import Measured

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


class SmtpProbe(ServiceProbe[SmtpParams]):
    """Greets a mail server, and leaves."""

    async def ask(self, check: Check[SmtpParams], peer: Peer) -> Measured:
        """Greet, secure the line if that is asked for, and leave."""
        params = check.params
        begin = time.monotonic()
        connection = await peer.connect(params.port, MAX_LINE_OCTETS)
        own_address, _ = connection.local
        await _expect(connection, 220)
        literal = f"IPv6:{own_address}" if ":" in own_address else own_address
        connection.write(f"EHLO [{literal}]\r\n".encode())  # RFC 5321, section 4.1.3
        offered = await _expect(connection, 250)
        facts: tuple[Sample, ...] = ()
        if params.starttls:
            if "STARTTLS" not in {line.strip().upper() for line in offered}:
                raise NetworkError(Reason.UNEXPECTED_ANSWER, "STARTTLS is not offered")
            connection.write(b"STARTTLS\r\n")
            await _expect(connection, 220)
            context = trust_now(params.ca)
            await connection.start_tls(context, params.name or check.address)
            facts = certificate_facts(connection.certificate_end)
        took = time.monotonic() - begin
        # Who leaves without a word fills the server's log with complaints.
        connection.write(b"QUIT\r\n")
        return Measured(Outcome.SUCCESS, Reason.OK, took, facts=facts)


async def _expect(connection: Connection, code: int) -> list[str]:
    """The lines of a reply that must have this code.

    Raises:
        NetworkError: the reply has another code, or is none, or the server hung up.
    """
    lines: list[str] = []
    while len(lines) < MAX_LINES:
        given, more, text = parse_line(await connection.read_until(b"\n"))
        if given != code:
            answer = printable(f"{given} {text}".strip())
            raise NetworkError(Reason.UNEXPECTED_ANSWER, f"{answer} instead of {code}")
        lines.append(text)
        if not more:
            return lines
    raise NetworkError(Reason.PROTOCOL_ERROR, f"a reply of more than {MAX_LINES} lines")


def parse_line(line: bytes) -> tuple[int, bool, str]:
    """Code of a reply's line, whether more lines follow, and its text.

    Raises:
        NetworkError: it is no line of a reply.
    """
    match = _REPLY.fullmatch(line)
    if match is None:
        detail = printable(line.decode("ascii", "replace"))
        raise NetworkError(Reason.PROTOCOL_ERROR, f"not SMTP: {detail}")
    code, separator, text = match.groups(default=b"")
    return int(code), separator == b"-", text.decode("utf-8", "replace")


PROBE = ProbeKind("smtp", SmtpParams, SmtpProbe, facts=(CERTIFICATE_END,))
