"""Keys of ``probe: dns``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from netwatch.core.params import Port, ProbeParams
from netwatch.net.names import to_ascii
from netwatch.probes.dns.message import encode_name
from netwatch.probes.dns.records import TYPES


def _domain(value: str) -> str:
    name = to_ascii(value)
    encode_name(name)
    return name.rstrip(".").lower()


DomainName = Annotated[str, AfterValidator(_domain)]


class DnsParams(ProbeParams):
    """Keys of ``probe: dns``.

    Attributes:
        name: what the server is asked for.
        type: kind of record.
        rcode: what the server has to say (RFC 1035, section 4.1.1).
        answer: one of the records, as ``dig +short`` prints it; quotes and the last dot may be
            left out.
    """

    port: Port = 53
    name: DomainName
    type: Literal["A", "AAAA", "CNAME", "MX", "NS", "PTR", "SOA", "SRV", "TXT"] = "A"
    rcode: Literal["NOERROR", "SERVFAIL", "NXDOMAIN", "REFUSED"] = "NOERROR"
    answer: str | None = Field(default=None, min_length=1, max_length=4096)

    @model_validator(mode="after")
    def _answer_without_error(self) -> DnsParams:
        if self.answer is not None and self.rcode != "NOERROR":
            raise ValueError("answer is given, so rcode must be NOERROR; remove one of them")
        return self

    @property
    def qualifier(self) -> str:
        """Type and name."""
        return f"{self.type}:{self.name}"

    @property
    def code(self) -> int:
        """The number of the type."""
        return TYPES[self.type]
