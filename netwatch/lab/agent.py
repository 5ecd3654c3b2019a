"""An SNMP v2c agent (RFC 1901, RFC 3416): one request in, one response out, nothing else."""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from netwatch.lab import ber
from netwatch.lab.ber import MalformedBerError, Oid
from netwatch.lab.mib import Mib

GET, GET_NEXT, RESPONSE, GET_BULK = 0xA0, 0xA1, 0xA2, 0xA5
_NO_SUCH_OBJECT = ber.tlv(0x80, b"")
_END_OF_MIB_VIEW = ber.tlv(0x82, b"")
_VERSION_2C = 1
_TOO_BIG = ber.integer(1)

MAX_RESPONSE = 1400
"""Octets of variable bindings; the message stays below one Ethernet frame, as with real routers."""

MAX_BINDINGS = 128
"""Variable bindings of a request; one with more gets no answer."""


def respond(request: bytes, community: bytes, mib: Mib, up: float) -> bytes | None:
    """The answer to a datagram; None when an agent has to stay silent.

    Silent is right for everything that is malformed, of another version, with another community,
    or not a read (RFC 3416, section 4; RFC 1157, section 4.1).

    Args:
        request: what came, any bytes at all.
        community: what the request must show.
        mib: the objects of the device.
        up: seconds since the device started.
    """
    try:
        message = ber.fields(request, ber.SEQUENCE)[0]
        (_, version), (_, shown), (kind, pdu) = _message_fields(list(ber.elements(message)))
        if ber.to_int(version) != _VERSION_2C or not hmac.compare_digest(shown, community):
            return None
        request_id, first, second, bindings = ber.fields(
            pdu, ber.INTEGER, ber.INTEGER, ber.INTEGER, ber.SEQUENCE
        )
        names = _names(bindings)
        if kind == GET:
            answers = [_read(mib, name, up) for name in names]
        elif kind == GET_NEXT:
            answers = [_next(mib, name, up)[1] for name in names]
        elif kind == GET_BULK:
            answers = _bulk(mib, names, ber.to_int(first), ber.to_int(second), up)
        else:
            return None
    except MalformedBerError:
        return None
    head = ber.tlv(ber.INTEGER, request_id)
    if kind == GET_BULK:
        answers = _fitting(answers)
    elif sum(map(len, answers)) > MAX_RESPONSE:
        return _message(shown, head + _TOO_BIG + ber.integer(0) + ber.tlv(ber.SEQUENCE, b""))
    bound = ber.tlv(ber.SEQUENCE, b"".join(answers))
    return _message(shown, head + ber.integer(0) + ber.integer(0) + bound)


def _message(community: bytes, pdu: bytes) -> bytes:
    return ber.tlv(
        ber.SEQUENCE, ber.integer(_VERSION_2C) + ber.octets(community) + ber.tlv(RESPONSE, pdu)
    )


def _message_fields(found: Sequence[tuple[int, bytes]]) -> Sequence[tuple[int, bytes]]:
    if [tag for tag, _ in found[:2]] != [ber.INTEGER, ber.OCTET_STRING] or len(found) != 3:
        raise MalformedBerError("not an SNMP message")
    return found


def _names(bindings: bytes) -> list[Oid]:
    names: list[Oid] = []
    for tag, binding in ber.elements(bindings):
        parts = list(ber.elements(binding)) if tag == ber.SEQUENCE else []
        if len(parts) != 2 or parts[0][0] != ber.OBJECT_IDENTIFIER:
            raise MalformedBerError("not a variable binding")
        names.append(ber.to_oid(parts[0][1]))
        if len(names) > MAX_BINDINGS:
            raise MalformedBerError("too many variable bindings")
    return names


def _binding(name: Oid, value: bytes) -> bytes:
    return ber.tlv(ber.SEQUENCE, ber.oid(name) + value)


def _read(mib: Mib, name: Oid, up: float) -> bytes:
    at = mib.find(name)
    return _binding(name, _NO_SUCH_OBJECT if at is None else mib.values[at](up))


def _next(mib: Mib, name: Oid, up: float) -> tuple[Oid | None, bytes]:
    at = mib.after(name)
    if at == len(mib.oids):
        return None, _binding(name, _END_OF_MIB_VIEW)
    return mib.oids[at], _binding(mib.oids[at], mib.values[at](up))


def _bulk(mib: Mib, names: list[Oid], single: int, repetitions: int, up: float) -> list[bytes]:
    """GETBULK (RFC 3416, section 4.2.3), no further than what fits into the response."""
    single = min(max(single, 0), len(names))
    answers = [_next(mib, name, up)[1] for name in names[:single]]
    size = sum(map(len, answers))
    cursors = names[single:]
    for _ in range(max(repetitions, 0)):
        ended = True
        for column, name in enumerate(cursors):
            following, answer = _next(mib, name, up)
            answers.append(answer)
            size += len(answer)
            if following is not None:
                cursors[column] = following
                ended = False
        if ended or size > MAX_RESPONSE:
            break
    return answers


def _fitting(answers: list[bytes]) -> list[bytes]:
    size = 0
    for count, answer in enumerate(answers):
        size += len(answer)
        if size > MAX_RESPONSE:
            return answers[:count]
    return answers
