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
from netwatch.core.units import parse_duration
from netwatch.inventory.load import load_inventory
from netwatch.journal.file import NAME as JOURNAL
from netwatch.maintenance.announcements import NAME, parse_place
from netwatch.maintenance.change import announce, as_details, end
from netwatch.maintenance.request import MaintenanceRequest
from netwatch.maintenance.when import parse_when
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
        request = _request(options, zone)
        schemas = probes.schemas()
        done = announce(path, request, load_inventory(settings.inventory, schemas), who.name)
        what: What = "maintenance-announced"
    else:
        done = end(path, options.id)
        what = "maintenance-ended"
    subject = f"{done.kind}:{done.name}"
    record_at_once(settings.state_dir / JOURNAL, who, what, subject, as_details(done))


def _request(options: argparse.Namespace, zone: ZoneInfo) -> MaintenanceRequest:
    kind, name = parse_place(options.place)
    if options.branch and kind != "site":
        raise _refused("--branch", "is for a site; give SITE")
    return MaintenanceRequest(
        kind="branch" if options.branch else kind,
        name=name,
        reason=options.reason,
        begins=_when("--from", options.begins, zone),
        ends=_when("--until", options.ends, zone),
        lasts=_duration(options.duration),
        repeat=options.repeat,
    )


def _when(option: str, text: str | None, zone: ZoneInfo) -> float | None:
    try:
        return None if text is None else parse_when(text, zone, time.time())
    except ValueError as error:
        raise _refused(option, str(error)) from None


def _duration(text: str | None) -> float | None:
    try:
        return None if text is None else parse_duration(text)
    except ValueError as error:
        raise _refused("--for", str(error)) from None


def _refused(place: str, message: str) -> ConfigError:
    return ConfigError([Problem(place, message)])
