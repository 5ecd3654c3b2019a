"""The inventory that was seen last, kept over a restart: what changed meanwhile is told as well."""

from __future__ import annotations

import json
import logging
import time
from pathlib import Path

from netwatch.audit.changes import InventoryChange, find_changes
from netwatch.audit.snapshot import Fields, Snapshot
from netwatch.disk.private import replace_file
from netwatch.disk.reading import read_file
from netwatch.inventory.former_ids import FormerIds

logger = logging.getLogger(__name__)

NAME = "inventory-seen.jsonl"
"""A line with the removed flows, and one for each entry: ``[kind, id, fields]``. Each is read and
written by itself, so that a large inventory holds up nothing else."""

MAX_OCTETS = 128 << 20
"""Size of the file."""

MAX_LESS = 100
"""Forbidden flows that were removed and are remembered."""

LESS_TOLD = 7 * 86400.0
"""Seconds for which page and metrics tell that a forbidden flow was removed."""


class SeenInventory:
    """The inventory that was seen last. It is used by one thread at a time.

    Args:
        path: of the file; None where nothing is kept.

    Attributes:
        less: forbidden flows that were removed, with the unix time.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.less: dict[str, float] = {}
        self._path = path
        self._before: Snapshot | None = None

    def open(self) -> None:
        """Read what the run before has seen; a file that can't be read is logged."""
        if self._path is None:
            return
        try:
            self._before, self.less = decode(read_file(self._path, MAX_OCTETS, follow=False))
        except FileNotFoundError:
            return
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else "is damaged"
            logger.warning("%s %s: what changed since the last run is not known", self._path, why)

    def see(
        self, snapshot: Snapshot, former: FormerIds | None = None
    ) -> tuple[InventoryChange, ...]:
        """What is different now; nothing when there is nothing to compare with.

        What was seen is remembered. Where it can't be written down, that is logged, and the next
        run tells the same once more.
        """
        before, self._before = self._before, snapshot
        changes = tuple(find_changes(before, snapshot, former)) if before is not None else ()
        self._note_less(changes, snapshot)
        if changes or before is None:
            self._keep(snapshot)
        return changes

    def removed_forbidden(self) -> dict[str, float]:
        """The forbidden flows that were removed within ``LESS_TOLD``, with the unix time."""
        now = time.time()
        return {flow: at for flow, at in self.less.items() if now - at < LESS_TOLD}

    def _keep(self, snapshot: Snapshot) -> None:
        if self._path is None:
            return
        try:
            replace_file(self._path, encode(snapshot, self.less))
        except OSError as error:
            logger.error("%s can't be written: %s", self._path, error.strerror)

    def _note_less(self, changes: tuple[InventoryChange, ...], snapshot: Snapshot) -> None:
        now = time.time()
        less = {flow: at for flow, at in self.less.items() if now - at < LESS_TOLD}
        less.update({each.id: now for each in changes if each.forbids_less})
        again = {each.id for each in changes if not each.forbids_less and each.kind == "flow"}
        forbidden = snapshot["flow"]
        for flow in again & less.keys():
            if forbidden.get(flow, {}).get("expect") == "blocked":
                del less[flow]
        self.less = dict(sorted(less.items(), key=lambda item: item[1])[-MAX_LESS:])


def encode(snapshot: Snapshot, less: dict[str, float]) -> bytes:
    """What is kept, as it is written."""
    lines = [json.dumps(less)]
    for kind, entries in snapshot.items():
        lines += (json.dumps([kind, id_, fields]) for id_, fields in entries.items())
    return "\n".join(lines).encode()


def decode(content: bytes) -> tuple[Snapshot, dict[str, float]]:
    """What was kept.

    Raises:
        ValueError: it is damaged.
    """
    head, *lines = content.split(b"\n")
    snapshot: Snapshot = {}
    try:
        less = {str(flow): float(at) for flow, at in json.loads(head).items()}
        for line in lines:
            kind, id_, fields = _entry(line)
            snapshot.setdefault(kind, {})[id_] = fields
    except (ValueError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise ValueError(f"is damaged: {error}") from None
    return snapshot, less


def _entry(line: bytes) -> tuple[str, str, Fields]:
    kind, id_, fields = json.loads(line)
    if isinstance(kind, str) and isinstance(id_, str) and isinstance(fields, dict):
        return kind, id_, fields
    raise ValueError("no entry")
