"""The forms of papers by the ending of their file; each library is loaded only when it is used."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

from netwatch.core.errors import ConfigError, Problem, StartError
from netwatch.report.content import Paper
from netwatch.report.words import LanguageName, PaperWords

FORMS = ("pdf", "xlsx", "docx", "json")

_PACKAGE = {"docx": "python-docx", "typst": "typst", "xlsxwriter": "XlsxWriter"}
"""Which distribution brings a module."""


def form_of(file: Path) -> str:
    """The form of a file by its name.

    Raises:
        ConfigError: the name has no ending that is known.
    """
    form = file.suffix.removeprefix(".").lower()
    if form not in FORMS:
        endings = ", ".join(f".{each}" for each in FORMS)
        raise ConfigError([Problem(f"--to {file}", f"has no known ending; write one of {endings}")])
    return form


def render(paper: Paper, form: str, zone: ZoneInfo) -> bytes:
    """The content of a file.

    Raises:
        StartError: the library for this form is not installed.
    """
    language: LanguageName = "en" if paper.language == "en" else "vi"
    words = PaperWords(language, zone)
    try:
        module = import_module(f"netwatch.report.papers.{form}")
    except ModuleNotFoundError as error:
        package = _PACKAGE.get(str(error.name).partition(".")[0])
        if package is None:
            raise
        raise StartError(
            f"netwatch report: {package} is not installed, which .{form} needs;"
            " run pip install --require-hashes -r requirements/report.txt"
        ) from None
    if form == "json":
        content = module.as_json(paper)
    else:
        content = getattr(module, f"as_{form}")(paper, words)
    assert isinstance(content, bytes)
    return content
