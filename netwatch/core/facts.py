"""What probes learn of a service besides whether it answers: the kinds of ``Result.facts``.

Here stand those of meeting endpoints and of the way of a call, which other rooms read. All others
stand in the files of their probes. Every kind lists in its ``PROBE`` the facts that it may tell.
"""

from __future__ import annotations

from dataclasses import dataclass

from netwatch.core.result import Sample


@dataclass(frozen=True, slots=True)
class Fact:
    """A gauge on ``/metrics`` that shows what the last result of a check said.

    Attributes:
        name: of the metric, with ``netwatch_`` before and its unit behind.
        help: one sentence that says what the value means.
        labels: names of the labels that tell two values of one result apart.
        lasting: it stays true until another value is told, e.g. when the certificate ends that a
            server showed last; a result that says nothing of it takes nothing back.
    """

    name: str
    help: str
    labels: tuple[str, ...] = ()
    lasting: bool = False

    def sample(self, value: float, *labels: str) -> Sample:
        """One value, with its label values in the order of ``labels``."""
        return Sample(self.name, tuple(zip(self.labels, labels, strict=True)), value)


REACHABLE = Fact(
    "netwatch_endpoint_reachable", "1 if any packet came back from the address, 0 if none can."
)
STACK_ALIVE = Fact(
    "netwatch_endpoint_stack_alive", "1 if the endpoint answered by its protocol, else 0."
)
READY = Fact("netwatch_endpoint_ready", "1 if the endpoint would take a call now, else 0.")
IN_CALL = Fact("netwatch_endpoint_in_call", "1 if the endpoint said that it is busy, else 0.")
REGISTERED = Fact(
    "netwatch_endpoint_registered",
    "1 if it is registered with a SIP registrar or a gatekeeper, else 0.",
)
PERIPHERALS = Fact(
    "netwatch_endpoint_peripherals_ok",
    "0 if it says that a camera, a microphone or a screen has a fault, else 1.",
)
PARTICIPANTS = Fact("netwatch_endpoint_participants", "Participants that are in its meetings.")

MEDIA_LOSS = Fact(
    "netwatch_media_loss_ratio",
    "Share of test packets lost: of the round trip, or of one way where the reflector counts.",
    ("direction",),
)
MEDIA_ROUND_TRIP = Fact(
    "netwatch_media_rtt_seconds",
    "Round trip of test packets, the reflector's own time taken off: min, median, max.",
    ("statistic",),
)
MEDIA_MOS = Fact(
    "netwatch_media_mos", "Mean opinion score by the E-model (ITU-T G.107), 1 to 4.5.", ("codec",)
)

ENDPOINT_FACTS = (REACHABLE, STACK_ALIVE, READY, IN_CALL, REGISTERED, PERIPHERALS)
"""All that ``endpoint_facts`` may tell."""


def endpoint_facts(  # noqa: PLR0913 (one for each fact, all by name)
    *,
    reachable: bool | None = None,
    stack_alive: bool | None = None,
    ready: bool | None = None,
    in_call: bool | None = None,
    registered: bool | None = None,
    peripherals_ok: bool | None = None,
) -> tuple[Sample, ...]:
    """The facts of an endpoint that are known, one sample each; what is None gives none."""
    known = (
        *((REACHABLE, reachable), (STACK_ALIVE, stack_alive), (READY, ready), (IN_CALL, in_call)),
        *((REGISTERED, registered), (PERIPHERALS, peripherals_ok)),
    )
    return tuple(kind.sample(float(value)) for kind, value in known if value is not None)
