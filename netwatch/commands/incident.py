"""``netwatch incident ID``: the story of one incident."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from netwatch.commands.journal_file import from_journal, journal_of
from netwatch.commands.moments import moment, offset, span
from netwatch.commands.table import as_table
from netwatch.core.errors import ConfigError, Problem
from netwatch.incidents.incident import What
from netwatch.incidents.links import IncidentLinks
from netwatch.incidents.reader import find_ids, read_story
from netwatch.incidents.shape import EntryView, StoryView
from netwatch.incidents.view import story_view
from netwatch.inventory.zone import province_zone
from netwatch.settings import Settings

SEVERITIES = {
    "critical": "nghiêm trọng / critical",
    "warning": "cảnh báo / warning",
    "info": "thông tin / info",
}

MIN_PREFIX = 4
"""Characters of an id that are enough where no other begins with them."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the id, and the output format."""
    parser.add_argument("id", metavar="ID", help="as incidents shows it; its beginning will do")
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")


def execute(settings: Settings, options: argparse.Namespace) -> int:
    """Print what happened, when, to whom, and what was found out; returns 0.

    Raises:
        ConfigError: there is no journal, or no such incident.
    """
    path = journal_of(settings)
    links = IncidentLinks(settings.page_url, settings.runbooks_url)
    story = from_journal(path, lambda: _read(path, options.id, links))
    if options.json:
        print(json.dumps(story, ensure_ascii=False, indent=2))
    else:
        print("\n".join(_lines(story, province_zone(settings.inventory))))
    return 0


def find_id(path: Path, text: str) -> str:
    """The id that begins with ``text``.

    Raises:
        ConfigError: there is none, or more than one.
        sqlite3.Error: the journal can't be read.
    """
    found = find_ids(path, text) if len(text) >= MIN_PREFIX else []
    if len(found) == 1:
        return found[0]
    reason = "begins more than one id; write more of it" if found else "is no incident"
    raise ConfigError([Problem(text[:64], f"{reason}; run netwatch incidents --since 30d")])


def _read(path: Path, text: str, links: IncidentLinks) -> StoryView:
    incident = read_story(path, find_id(path, text))
    assert incident is not None, "its id was just read"
    return story_view(incident, links)


def _lines(story: StoryView, zone: ZoneInfo) -> Iterator[str]:
    yield story["title"]["vi"]
    yield story["title"]["en"]
    yield ""
    yield as_table([_row(name, value) for name, value in _facts(story, zone).items() if value])
    yield f"\nDiễn biến / Timeline ({offset(story['began'], zone)})"
    for entry in story["timeline"]:
        yield f"  {moment(entry['at'], zone)}  {_said(entry)}"
    if story["evidence"]:
        yield "\nBằng chứng / Evidence"
        yield from (f"  {each['vi']} / {each['en']}" for each in story["evidence"])
    if story["behind"]:
        yield "\nĐiểm bị ảnh hưởng / Sites behind it"
        yield from (f"  {span(each['seconds'])}  {each['name_vi']}" for each in story["behind"])
    if story["left_out"]:
        yield f"  … và {story['left_out']} điểm nữa / and {story['left_out']} more"


def _said(entry: EntryView) -> str:
    """What a line of the timeline tells, and who wrote it."""
    text = entry["text"]
    if entry["by"] is None:
        return f"{text['vi']} / {text['en']}"
    taken = "nhận xử lý / took it on" if entry["what"] == What.ACKNOWLEDGED else ""
    who = " ".join(filter(None, (entry["by"], taken)))
    return f"{who}: {text['vi']}" if text["vi"] else who


def _row(name: str, value: str) -> tuple[str, str]:
    return f"{name}:", value


def _facts(story: StoryView, zone: ZoneInfo) -> dict[str, str | None]:
    """What stands at the head of a story, by the name of each fact."""
    taken, ended = story["acknowledged"], story["ended"]
    note = f" – {taken['note']}" if taken and taken["note"] else ""
    return {
        "Mã / ID": story["id"],
        "Nguyên nhân / Cause": story["cause"],
        "Mức / Severity": SEVERITIES[story["severity"]],
        "Bắt đầu / Began": moment(story["began"], zone),
        "Kết thúc / Ended": moment(ended, zone) if ended else "đang diễn ra / goes on",
        "Kéo dài / Lasted": span(story["seconds"]),
        "Số lần lặp lại / Came back": str(story["flaps"]) if story["flaps"] else None,
        "Nhà mạng / Carrier": story["carrier"],
        "Hợp đồng / Contract": story["contract"],
        "Phụ trách / Owner": story["owner"],
        "Hướng dẫn / Runbook": story["runbook"],
        "Người nhận / Taken on by": (
            f"{taken['by']}, {moment(taken['at'], zone)}{note}" if taken else None
        ),
    }
