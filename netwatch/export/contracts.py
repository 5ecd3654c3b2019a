"""What was agreed with carriers: contracts, and when each of them ends."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from netwatch.export.exporter import Exporter, Watched
from netwatch.metrics import Registry

_LABELS = ("carrier", "contract")


class ContractMetrics(Exporter):
    """Shows the contracts of the inventory, by carrier and number."""

    def __init__(self, registry: Registry) -> None:
        self._end = registry.gauge(
            "netwatch_contract_end_timestamp_seconds",
            "When a contract with a carrier ends, unix time: the midnight after its last day.",
            _LABELS,
        )
        self._availability = registry.gauge(
            "netwatch_contract_agreed_availability_ratio",
            "Share of the agreed hours in which a line of the contract must work, 0 to 1.",
            _LABELS,
        )

    def watch(self, watched: Watched) -> None:
        """Show the contracts of this inventory, and nothing of the one before."""
        self._end.clear()
        self._availability.clear()
        zone = ZoneInfo(watched.inventory.province.timezone)
        for contract in watched.inventory.contracts.values():
            labels = contract.carrier, contract.number
            if contract.end is not None:
                self._end.cell(*labels).set(_end_of(contract.end, zone))
            if contract.availability is not None:
                self._availability.cell(*labels).set(contract.availability)


def _end_of(day: date, zone: ZoneInfo) -> float:
    return datetime.combine(day + timedelta(days=1), time(), zone).timestamp()
