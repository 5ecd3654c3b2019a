"""Acknowledgements and notes: written to the journal in one step, by the daemon or by a command.

The file is the judge between two people at once: who comes first has acknowledged, and the word of
the second is kept as a note.
"""

from __future__ import annotations

import sqlite3
import time
import unicodedata
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from netwatch.audit import line as audit
from netwatch.audit.log import append
from netwatch.audit.who import Who
from netwatch.incidents import words
from netwatch.incidents.incident import MAX_NOTES, Acknowledgement, TimelineEntry, What
from netwatch.incidents.records import add_entry
from netwatch.incidents.shape import Words
from netwatch.journal.file import open_journal

MAX_NOTE = 1000
"""Characters of a note."""

MAX_AUTHOR = 64
"""Characters of the name of who writes."""

_ACKNOWLEDGE = (
    "UPDATE incident SET acknowledged_by = ?, acknowledged_at = ?, acknowledged_note = ?"
    " WHERE id = ?"
)


class NoteRefusedError(Exception):
    """A note is not taken. Attributes: status, of HTTP; words, why, for people."""

    def __init__(self, status: int, vi: str, en: str) -> None:
        self.status = status
        self.words: Words = words.say(vi, en)
        super().__init__(f"{vi} / {en}")


@dataclass(frozen=True, slots=True)
class Noted:
    """What was written.

    Attributes:
        entry: the line of the timeline.
        acknowledged: who has taken the incident on first; None when nobody has.
        notes: how many notes there are now.
    """

    entry: TimelineEntry
    acknowledged: Acknowledgement | None
    notes: int


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody says of an incident.

    Attributes:
        who: says it.
        text: as ``clean_note`` gives it.
        acknowledges: whether they take the incident on.
    """

    who: Who
    text: str
    acknowledges: bool


def clean_note(text: str, *, may_be_empty: bool) -> str:
    """The text of a note on one or more lines, without characters that steer a terminal or page.

    Raises:
        NoteRefusedError: it is too long, or empty.
    """
    if len(text) > MAX_NOTE:
        raise NoteRefusedError(
            413,
            f"ghi chú dài quá {MAX_NOTE} ký tự; hãy rút ngắn",
            f"the note has more than {MAX_NOTE} characters; shorten it",
        )
    kept = "".join(" " if each == "\t" else each for each in text if _is_kept(each)).strip()
    if not kept and not may_be_empty:
        raise NoteRefusedError(400, "ghi chú trống; hãy viết gì đó", "the note is empty; write one")
    return kept


def _is_kept(character: str) -> bool:
    """Whether it may stand in a note: no control, no direction, no half of a pair."""
    return character in "\n\t" or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co"}


def write_note(path: Path, incident_id: str, word: Word) -> Noted:
    """Write a note, or acknowledge an incident, and take it down in the audit; all or nothing.

    Raises:
        NoteRefusedError: there is no such incident, it has ended, or it has too many notes.
        sqlite3.Error, OSError: the journal can't be written, and nothing was.
    """
    with closing(open_journal(path)) as connection, connection:
        connection.execute("BEGIN IMMEDIATE")
        before, count = _current(connection, incident_id, acknowledges=word.acknowledges)
        now, author = time.time(), word.who.name[:MAX_AUTHOR]
        is_first = word.acknowledges and before is None
        what = What.ACKNOWLEDGED if is_first else What.NOTE
        entry = TimelineEntry(now, what, words.say(word.text, word.text), author)
        add_entry(connection, incident_id, entry)
        after = Acknowledgement(author, now, word.text) if is_first else before
        if after is not None:
            connection.execute(_ACKNOWLEDGE, (after.by, after.at, after.note, incident_id))
        connection.execute("UPDATE incident SET notes = notes + 1 WHERE id = ?", (incident_id,))
        taken_down: audit.What = "acknowledged" if is_first else "note"
        subject, details = f"incident:{incident_id}", {"note": word.text}
        append(connection, audit.AuditLine.of(now, word.who, taken_down, subject, details))
    return Noted(entry, after, count + 1)


def _current(
    connection: sqlite3.Connection, incident_id: str, *, acknowledges: bool
) -> tuple[Acknowledgement | None, int]:
    """Who has acknowledged an incident, and how many notes it has.

    Raises:
        NoteRefusedError: it takes none.
    """
    row = connection.execute(
        "SELECT ended, acknowledged_by, acknowledged_at, acknowledged_note, notes FROM incident"
        " WHERE id = ?",
        (incident_id,),
    ).fetchone()
    if row is None:
        raise NoteRefusedError(404, "không có sự cố này", "there is no such incident")
    ended, by, at, note, notes = row
    if acknowledges and ended is not None:
        raise NoteRefusedError(
            409, "sự cố đã kết thúc; chỉ ghi chú được", "it has ended; you can only add a note"
        )
    if notes >= MAX_NOTES:
        raise NoteRefusedError(
            409, f"đã có {MAX_NOTES} ghi chú", f"there are {MAX_NOTES} notes already"
        )
    return (None if by is None else Acknowledgement(by, at, note or "")), notes
