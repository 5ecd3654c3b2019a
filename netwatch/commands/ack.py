"""``netwatch ack ID``: takes an incident on, so that others know."""

from __future__ import annotations

import argparse
from pathlib import Path

from netwatch.audit.who import Who, unix_user
from netwatch.commands.incident import find_id
from netwatch.commands.journal_file import from_journal, journal_of
from netwatch.core.errors import ConfigError, Problem
from netwatch.incidents.notes import Noted, NoteRefusedError, Word, clean_note, write_note
from netwatch.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the id and the note."""
    parser.add_argument("id", metavar="ID", help="as incidents shows it; its beginning will do")
    parser.add_argument("--note", metavar="TEXT", default="", help="ghi chú / what you know or do")
    parser.add_argument(
        "--only-note",
        action="store_true",
        help="chỉ ghi chú, không nhận / add the note, and leave it to others",
    )


def execute(settings: Settings, options: argparse.Namespace) -> int:
    """Write it to the journal, beside the daemon, which sees it within seconds; returns 0.

    Raises:
        ConfigError: there is no such incident, it has ended, or the journal can't be written.
    """
    path = journal_of(settings)
    who = unix_user()  # before the rights are those of the directory's owner
    noted = from_journal(path, lambda: _write(path, options, who), "written")
    taken = noted.acknowledged
    if options.only_note:
        print("đã ghi chú / the note is kept")
    elif taken is not None and taken.at == noted.entry.at:
        print(f"{taken.by} nhận xử lý / has taken it on")
    elif taken is not None:
        print(f"{taken.by} đã nhận trước; lời của bạn là ghi chú / was first; yours is a note")
    return 0


def _write(path: Path, options: argparse.Namespace, who: Who) -> Noted:
    id_ = find_id(path, options.id)
    acknowledges = not options.only_note
    try:
        text = clean_note(options.note, may_be_empty=acknowledges)
        return write_note(path, id_, Word(who, text, acknowledges))
    except NoteRefusedError as refused:
        raise ConfigError([Problem(id_, str(refused))]) from None
