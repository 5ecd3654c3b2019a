"""Floor 2: Party and State network: what must pass passes, the rest is blocked."""

from netwatch.exchange.exchange import Exchange
from netwatch.exchange.status import FlowStatus
from netwatch.exchange.turn import FlowState

__all__ = ["Exchange", "FlowState", "FlowStatus"]
