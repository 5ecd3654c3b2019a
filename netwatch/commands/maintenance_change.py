"""Announces work and ends it, for ``netwatch maintenance``, and takes down who did so."""

from __future__ import annotations

import argparse
import time
from zoneinfo import ZoneInfo

from netwatch import probes
from netwatch.audit.line import What
from netwatch.audit.log import record_at_once
from netwatch.audit.who import unix_user
from netwatch.core.errors import ConfigError, Problem
from netwatch.inventory.load import load_inventory
from netwatch.journal.file import NAME as JOURNAL
from netwatch.maintenance.announcements import NAME, parse_place
from netwatch.maintenance.change import announce, as_details, end
from netwatch.maintenance.order import MaintenanceOrder
from netwatch.settings import Settings


def change(settings: Settings, options: argparse.Namespace, zone: ZoneInfo) -> None:
    """Announce work, or end it.

    Raises:
        ConfigError: it is refused, and nothing has changed.
        OSError, sqlite3.Error: it is done, but the audit can't be written.
    """
    assert settings.state_dir is not None
    path, who = settings.state_dir / NAME, unix_user()
    if options.action == "add":
        request = _order(options).request(zone, time.time())
        schemas = probes.schemas()
        done = announce(path, request, load_inventory(settings.inventory, schemas), who.name)
        what: What = "maintenance-announced"
    else:
        done = end(path, options.id)
        what = "maintenance-ended"
    record_at_once(settings.state_dir / JOURNAL, who, what, done.subject, as_details(done))


def _order(options: argparse.Namespace) -> MaintenanceOrder:
    place = options.place
    if options.branch and parse_place(place)[0] != "site":
        raise _refused("--branch", "is for a site; give SITE")
    return MaintenanceOrder(
        place=f"branch:{place}" if options.branch else place,
        reason=options.reason,
        begins=options.begins or "",
        ends=options.ends or "",
        lasts=options.duration or "",
        repeat=options.repeat or "",
    )


def _refused(place: str, message: str) -> ConfigError:
    return ConfigError([Problem(place, message)])
