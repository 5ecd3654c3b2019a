"""Keys of ``probe: http``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from netwatch.core.params import Port, ProbeParams, UrlPath
from netwatch.net.http.place import DEFAULT_PORTS
from netwatch.net.trust import SYSTEM, Bundle, HostName


class HttpParams(ProbeParams):
    """Keys of ``probe: http``.

    Attributes:
        scheme: ``http``, or ``https``, which verifies the certificate as ``probe: tls`` does.
        name: what the server is called, in the Host header and in the certificate.
        status: what it may answer with.
        contains: text that has to stand in the first 64 KiB of the body.
        redirects: how many may be followed, all of them to the same host and port; of others, and
            beyond so many, the status is taken as it is.
        ca: path of the authorities' certificates, or ``system``.
    """

    scheme: Literal["http", "https"] = "https"
    port: Port | None = None
    name: HostName | None = None
    path: UrlPath = "/"
    status: tuple[Annotated[int, Field(ge=200, le=599)], ...] = Field(default=(200,), min_length=1)
    contains: str | None = Field(default=None, min_length=1, max_length=256)
    redirects: int = Field(default=0, ge=0, le=5)
    ca: Bundle = Field(default=SYSTEM, validate_default=True)

    @property
    def qualifier(self) -> str:
        """Where the first request goes."""
        host = f"{self.name}:{self.tcp_port}" if self.name else str(self.tcp_port)
        return host + self.path if self.path != "/" else host

    @property
    def tcp_port(self) -> int:
        """The port."""
        return self.port or DEFAULT_PORTS[self.scheme]
