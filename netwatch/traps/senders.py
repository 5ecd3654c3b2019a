"""Which addresses may send traps, with which credential, and what is measured then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from netwatch.core.check import Check
from netwatch.core.credential import Credential


@dataclass(slots=True)
class Sender:
    """Who may send traps from one address.

    Attributes:
        credential: how the trap must show that it is theirs.
        checks: what is measured when one comes.
    """

    credential: Credential
    checks: list[Check] = field(default_factory=list)


def senders(checks: Iterable[Check]) -> dict[str, Sender]:
    """The addresses that may send, by address.

    A device sends from the address of the interface towards us, unless it is told otherwise. So the
    other addresses of its site are heard, too, where all SNMP checks of the site have one
    credential: such a trap has the SNMP devices of the site measured as well.
    """
    own = [check for check in checks if check.flow is None]
    by_address: dict[str, list[Check]] = defaultdict(list)
    devices: dict[str, list[Check]] = defaultdict(list)
    for check in own:
        by_address[check.address].append(check)
        if check.credential is not None:
            devices[check.site].append(check)
    found: dict[str, Sender] = {}
    for address, measured in by_address.items():
        known = [check.credential for check in measured if check.credential is not None]
        if known:
            found[address] = Sender(known[-1], measured)
            continue
        others = devices[measured[0].site]
        credentials = {check.credential for check in others if check.credential is not None}
        if len(credentials) == 1:
            found[address] = Sender(credentials.pop(), [*measured, *others])
    return found
