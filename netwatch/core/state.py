"""The states of a target or a site, in the words of Nagios and Icinga."""

from enum import IntEnum


class State(IntEnum):
    """The value of ``netwatch_target_state`` and ``netwatch_site_state``."""

    UNKNOWN = 0
    """Not measured: no result yet, results too old, or the collector is blind."""
    UP = 1
    DEGRADED = 2
    """Reachable, but something is outside its class: loss, latency, a failed further check."""
    UNREACHABLE = 3
    """Not reachable because something that it depends on is the cause."""
    DOWN = 4
    """Not reachable, and itself the cause."""
    MAINTENANCE = 5

    @property
    def label(self) -> str:
        """The value of the ``state`` label."""
        return self.name.lower()


REACHABLE = frozenset({State.UP, State.DEGRADED})
