"""Shows what an import would write into the inventory, asks what it must know, and writes it."""

from __future__ import annotations

import sys
from pathlib import Path

from netwatch.core.errors import ConfigError, Problem
from netwatch.disk.reading import read_file
from netwatch.disk.together import replace_together
from netwatch.imports.answers import with_questions
from netwatch.imports.files import FilePlan
from netwatch.imports.review import MAX_PROBLEMS, Review
from netwatch.imports.spreadsheet import verify
from netwatch.inventory.yaml import MAX_BYTES
from netwatch.probes import schemas

MAX_NAMED = 10
"""Sites that are named one by one."""


def carry_out(plan: FilePlan, review: Review, mapping: Path, into: Path, *, apply: bool) -> None:
    """Show or write a plan; where something stands against it, write the questions instead.

    Raises:
        ConfigError: with every mistake, after the draft of the mapping file is written.
    """
    for note in dict.fromkeys(review.notes):
        print(f"# {review.file}: {note}", file=sys.stderr)
    if review.problems:
        raise ConfigError([*_told(review), *_draft(mapping, review)])
    if plan.texts:
        verify(plan, into, schemas())
    _show(plan, into, apply=apply)


def _told(review: Review) -> list[Problem]:
    problems = list(dict.fromkeys(review.problems))
    more = len(problems) - MAX_PROBLEMS
    if more > 0:
        rest = Problem(review.file, f"và {more} lỗi nữa / and {more} more mistakes")
        return [*problems[:MAX_PROBLEMS], rest]
    return problems


def _draft(mapping: Path, review: Review) -> list[Problem]:
    """Write what has to be answered into the mapping file, and say so."""
    if not review.questions:
        return []
    before = read_file(mapping, MAX_BYTES).decode() if mapping.exists() else ""
    text = with_questions(before, review.questions)
    write_files({mapping: text.encode()})
    count = len({(question.section, question.key) for question in review.questions})
    message = (
        f"đã ghi {count} câu hỏi: trả lời ở đó hoặc sửa bảng tính, rồi chạy lại"
        f" / {count} questions written: answer them there, or correct the sheet, and run it again"
    )
    return [Problem(str(mapping), message)]


def _show(plan: FilePlan, into: Path, *, apply: bool) -> None:
    if not plan.texts:
        print(f"{into}: không có gì thay đổi / nothing changes")
    elif apply:
        write_files({path: text.encode() for path, text in plan.texts.items()})
        print(f"{into}: đã ghi {len(plan.texts)} tệp / files written")
    else:
        print(plan.diff(), end="")
    print(f"{len(plan.added)} điểm mới / new, {len(plan.altered)} thay đổi / changed")
    if plan.kept:
        print(
            f"{len(plan.kept)} điểm viết tay, không đụng tới / written by hand, and left alone:"
            f" {_some(plan.kept)}"
        )
    if plan.gone:
        print(
            f"{len(plan.gone)} điểm trong kho mà nguồn không có, được giữ nguyên"
            f" / in the inventory and not in the source, left as they are: {_some(plan.gone)}"
        )
    if plan.texts and not apply:
        print("chưa ghi gì, thêm --apply để ghi / nothing is written yet: add --apply")


def _some(names: list[str]) -> str:
    return f"{', '.join(names[:MAX_NAMED])}{' ...' if len(names) > MAX_NAMED else ''}"


def write_files(files: dict[Path, bytes]) -> None:
    """Write files, all or none.

    Raises:
        ConfigError: they can't be written.
    """
    try:
        replace_together(files)
    except OSError as error:
        place = str(error.filename or next(iter(files)))
        told = "không ghi được, chưa có gì thay đổi / cannot be written, and nothing changed"
        message = f"{told}: {error.strerror}"
        raise ConfigError([Problem(place, message)]) from None
