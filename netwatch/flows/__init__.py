"""Party and State network: what must pass passes, the rest is blocked."""

from netwatch.flows.status import FlowStatus
from netwatch.flows.table import FlowTable
from netwatch.flows.transition import FlowState

__all__ = ["FlowState", "FlowStatus", "FlowTable"]
