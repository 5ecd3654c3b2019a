"""``netwatch inventory import``: the inventory from a spreadsheet, shown first and written then."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path

from netwatch.core.errors import ConfigError, Problem, StartError
from netwatch.disk.together import replace_together
from netwatch.imports.answers import read_answers, with_questions
from netwatch.imports.files import FilePlan
from netwatch.imports.present import read_present
from netwatch.imports.process import read_sheets
from netwatch.imports.review import MAX_PROBLEMS, Review
from netwatch.imports.spreadsheet import plan_import, verify
from netwatch.probes import schemas

MAX_NAMED = 10
"""Sites that are named one by one."""


def add_action(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``import`` and its arguments."""
    text = "từ bảng tính (xlsx, ods, xls, csv) / from a spreadsheet; shows what it would write"
    parser = actions.add_parser("import", help=text, description=text)
    parser.add_argument("file", type=Path, metavar="FILE", help="xlsx, xlsm, xls, ods, csv")
    parser.add_argument(
        "--into", type=Path, metavar="DIR", required=True, help="directory of the inventory"
    )
    help_text = "mapping file with answers, written as a draft; default: FILE.map.yaml"
    parser.add_argument("--map", type=Path, metavar="MAP", help=help_text)
    parser.add_argument("--apply", action="store_true", help="write what else is only shown")


def add_template_action(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``template`` and its argument."""
    text = "bảng tính mẫu để điền / a workbook to fill in, with lists to choose from"
    parser = actions.add_parser("template", help=text, description=text)
    parser.add_argument("--to", type=Path, metavar="FILE.xlsx", required=True)


def write_template(options: argparse.Namespace) -> int:
    """Write the workbook, and never over one that is there; returns 0.

    Raises:
        ConfigError: the file is there, or can't be written.
        StartError: the library is missing.
    """
    file: Path = options.to
    if file.suffix.lower() != ".xlsx":
        raise ConfigError([Problem(f"--to {file}", "phải là tệp .xlsx / must be a file .xlsx")])
    if file.exists():
        raise ConfigError([Problem(f"--to {file}", "đã có tệp này / is there already")])
    try:
        template = import_module("netwatch.imports.template").template
    except ModuleNotFoundError:
        raise StartError(
            "netwatch inventory template: XlsxWriter is not installed;"
            " run pip install --require-hashes -r requirements/import.txt"
        ) from None
    _write({file: template()})
    print(f"{file}: điền rồi chạy / fill it in, then: netwatch inventory import {file} --into DIR")
    return 0


def import_spreadsheet(options: argparse.Namespace) -> int:
    """Show what would be written, or write it; returns 0.

    Raises:
        ConfigError: with every mistake of the file, after the draft of the mapping file is written.
        StartError: a library is missing.
    """
    file, into = options.file, options.into
    mapping: Path = options.map or file.with_suffix(".map.yaml")
    answers = read_answers(mapping)
    present = read_present(into)
    plan, review = plan_import(read_sheets(file), file.name, present, answers)
    for note in dict.fromkeys(review.notes):
        print(f"# {file.name}: {note}", file=sys.stderr)
    if review.problems:
        raise ConfigError([*_told(review), *_draft(mapping, review)])
    if plan.texts:
        verify(plan, into, schemas())
    _show(plan, into, apply=options.apply)
    return 0


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
    before = mapping.read_text("utf-8") if mapping.exists() else ""
    text = with_questions(before, review.questions)
    _write({mapping: text.encode()})
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
        _write({path: text.encode() for path, text in plan.texts.items()})
        print(f"{into}: đã ghi {len(plan.texts)} tệp / files written")
    else:
        print(plan.diff(), end="")
    print(f"{len(plan.added)} điểm mới / new, {len(plan.altered)} thay đổi / changed")
    if plan.gone:
        print(
            f"{len(plan.gone)} điểm trong kho mà bảng tính không có, được giữ nguyên"
            f" / in the inventory and not in the file, left as they are: {_some(plan.gone)}"
        )
    if plan.texts and not apply:
        print("chưa ghi gì, thêm --apply để ghi / nothing is written yet: add --apply")


def _some(names: list[str]) -> str:
    return f"{', '.join(names[:MAX_NAMED])}{' ...' if len(names) > MAX_NAMED else ''}"


def _write(files: dict[Path, bytes]) -> None:
    try:
        replace_together(files)
    except OSError as error:
        place = str(error.filename or next(iter(files)))
        told = "không ghi được, chưa có gì thay đổi / cannot be written, and nothing changed"
        message = f"{told}: {error.strerror}"
        raise ConfigError([Problem(place, message)]) from None
