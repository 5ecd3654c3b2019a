"""Which names are ours: a request for another one comes from a page that was lured here.

A name of somebody else's that is made to resolve to our address (DNS rebinding) would let his page
read ours in the browser of a user. The Host header, which a page can't choose, gives it away.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from netwatch.web.addresses import plain_address

_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]{2,45})\]|([A-Za-z0-9._-]{1,253}))(?::[0-9]{1,5})?")


class HostNames:
    """The names that this server answers to, whatever the port.

    Args:
        names: further ones than the address of the connection and ``localhost``.
    """

    def __init__(self, names: Collection[str] = ()) -> None:
        self._names = frozenset({"localhost", *(_canonical(name) for name in names)})

    def know(self, host: str, local_address: str) -> bool:
        """Whether a Host header is for us.

        Args:
            host: its value.
            local_address: the address to which the client connected.
        """
        found = _HOST.fullmatch(host)
        if found is None:
            return False
        name = _canonical(found[1] or found[2])
        return name in self._names or name == _canonical(local_address) or _is_loopback(name)


def _canonical(name: str) -> str:
    """A name in small letters and without the dot of the root, an address in its short form."""
    try:
        return str(plain_address(name))
    except ValueError:
        return name.lower().removesuffix(".")


def _is_loopback(name: str) -> bool:
    """Whether it is an address of this machine; a name that only begins like one is not."""
    try:
        return plain_address(name).is_loopback
    except ValueError:
        return False
