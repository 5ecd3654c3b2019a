"""How routers report the pings that they send themselves: one file a MIB in ``remote_pings``.

Every one of these MIBs has, for each operation that the network team configured, rows that say what
became of single probes: when they were, with what outcome, and how long the answer took. Nothing
else is read.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Annotated, Literal

from pydantic import Field

from netwatch.core.result import Reason
from netwatch.snmp.load import load_as, names_in
from netwatch.snmp.profile import Name, Oid, StrictModel

_FOLDER = resources.files("netwatch.snmp") / "remote_pings"


class Time(StrictModel):
    """The column that says when a probe ended, or began.

    Attributes:
        clock: ``uptime``: hundredths of a second on the clock of sysUpTime (TimeStamp);
            ``date``: the router's time of day (DateAndTime).
    """

    oid: Oid
    clock: Literal["uptime", "date"]


class ResponseFormat(StrictModel):
    """The column that says how long an answer took.

    Attributes:
        scale: seconds in its unit.
    """

    oid: Oid
    scale: Annotated[float, Field(gt=0, le=1)]


class OperationState(StrictModel):
    """The column that says what an operation does now; for people.

    Attributes:
        words: for its numbers.
    """

    oid: Oid
    words: dict[int, str]


Known = Literal["address", "address_type", "interval", "milliseconds", "owner", "probes", "seconds"]
"""Values that are filled in: the target's address and its type (RFC 4001), the seconds between two
tests, the time that an answer may take, our name, the number of pings in a test."""


class Assignment(StrictModel):
    """One object of a SET.

    Attributes:
        name: its descriptor in the MIB.
        oid: its column.
        type: of the value.
        value: a number, or the name of what is filled in.
    """

    name: Name
    oid: Oid
    type: Literal["integer", "unsigned", "octets", "ticks"]
    value: int | Known


class Making(StrictModel):
    """How an operation of our own is created, where the router allows it.

    Attributes:
        row: column with its RowStatus (RFC 2579); 6 destroys it.
        owner: column with its owner, by which ours are found where operations have numbers.
        lasts: seconds after which the router ends it by itself; None when it never does.
        steps: SETs, one after the other.
    """

    row: Oid
    owner: Oid | None = None
    lasts: Annotated[int, Field(ge=600)] | None = None
    steps: tuple[Annotated[tuple[Assignment, ...], Field(min_length=1)], ...] = Field(min_length=1)


class RemotePing(StrictModel):
    """The content of one file under ``remote_pings/``.

    Attributes:
        mib: where the columns are defined.
        named_by: what the index of an operation is made of: its number, or owner and test name,
            each with its length before it (RFC 2578, section 7.7).
        target: column with the address that is pinged, in octets.
        state: what the operation does.
        status: column with the outcome of a probe.
        outcomes: what its numbers mean; any other number says that the router did not try.
        time: column with the time of a probe.
        response: column with the time that its answer took.
        making: how an operation is created; None where that is not known well enough.
        one_row: the router keeps only the last probe, in a row named as the operation; else
            further numbers tell its probes apart.
    """

    mib: str
    named_by: Literal["number", "owner_and_test"]
    target: Oid
    state: OperationState
    status: Oid
    outcomes: dict[int, Reason]
    time: Time
    response: ResponseFormat
    one_row: bool = False
    making: Making | None = None

    def index(self, operation: int | None, owner: str | None, test: str | None) -> str:
        """The sub-identifiers by which the rows of an operation are found, with dots between."""
        if self.named_by == "number":
            return str(operation)
        return f"{index_of(owner or '')}.{index_of(test or '')}"


def index_of(name: str) -> str:
    """The sub-identifiers of a text in an index: its length, then its octets."""
    octets = name.encode()
    return ".".join(map(str, (len(octets), *octets)))


@cache
def remote_ping_names() -> tuple[str, ...]:
    """Names of all files, sorted."""
    return names_in(_FOLDER)


@cache
def load_remote_ping(name: str) -> RemotePing:
    """The file of this name.

    Raises:
        ConfigError: there is none, or it is wrong.
    """
    return load_as(RemotePing, _FOLDER, name, "MIB of remote pings")
