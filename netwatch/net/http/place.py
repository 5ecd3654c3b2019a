"""Where a request goes, and where a redirect leads: to the same host and port, or nowhere."""

from __future__ import annotations

from typing import NamedTuple

from yarl import URL

from netwatch.net.http.head import ResponseHead
from netwatch.net.names import plain_name

DEFAULT_PORTS = {"http": 80, "https": 443}

MAX_LOCATION = 4096
"""Characters of a place that is followed."""

_UPGRADE = (("http", 80), ("https", 443))
"""Scheme and port of a page that leads to itself over TLS, and of where it leads."""

_REDIRECTS = {301, 302, 303, 307, 308}


class Place(NamedTuple):
    """What a request asks for.

    Attributes:
        scheme: ``http`` or ``https``.
        name: of the host, in lower case ASCII; or its address.
        path: with the query, as in a URL.
    """

    scheme: str
    name: str
    port: int
    path: str

    @property
    def host(self) -> str:
        """For the Host header."""
        bracketed = f"[{self.name}]" if ":" in self.name else self.name
        return bracketed if self.port == DEFAULT_PORTS[self.scheme] else f"{bracketed}:{self.port}"

    def same_server(self, other: Place) -> bool:
        """Whether one connection may serve both."""
        return self[:3] == other[:3]


def redirect(head: ResponseHead, place: Place) -> Place | None:
    """Where a response leads, if it leads to the same host and port; else None.

    A page may also lead from port 80 to HTTPS on port 443. Any other port is another service, which
    nobody has asked to be measured.

    Args:
        head: the response.
        place: what was asked for.
    """
    location = head.headers.all("Location")
    if head.status not in _REDIRECTS or not location or len(location[0]) > MAX_LOCATION:
        return None
    base = URL.build(scheme=place.scheme, host=place.name, port=place.port)
    try:
        target = base.join(URL(place.path, encoded=True)).join(URL(location[0]))
        if target.scheme not in DEFAULT_PORTS or target.user is not None or not target.port:
            return None
        same = plain_name(target.raw_host or "") == place.name
    except ValueError:
        return None
    there = Place(target.scheme, place.name, target.port, target.raw_path_qs)
    return there if same and _port_stays(place, there) else None


def _port_stays(place: Place, there: Place) -> bool:
    ways = (place.scheme, place.port), (there.scheme, there.port)
    return there.port == place.port or ways == _UPGRADE
