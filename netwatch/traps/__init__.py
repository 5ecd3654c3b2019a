"""SNMP traps and informs, which make their sender be probed at once, and nothing more."""

from netwatch.traps.filter import TrapFilter, TrapVerdict
from netwatch.traps.kinds import TrapKind

__all__ = ["TrapFilter", "TrapKind", "TrapVerdict"]
