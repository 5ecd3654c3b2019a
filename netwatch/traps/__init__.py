"""SNMP traps and informs: each has its sender probed at once, and none sets a state itself."""

from netwatch.traps.filter import TrapFilter, TrapVerdict
from netwatch.traps.kinds import TrapKind

__all__ = ["TrapFilter", "TrapKind", "TrapVerdict"]
