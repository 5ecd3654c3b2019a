"""Floor 2: Party and State network: what must pass passes, the rest is blocked."""

from netwatch.exchange.exchange import Exchange
from netwatch.exchange.status import FlowState, FlowStatus

__all__ = ["Exchange", "FlowState", "FlowStatus"]
