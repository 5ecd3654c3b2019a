"""The kept papers over HTTP: a list at ``/reports/``, and each file below it."""

from __future__ import annotations

import asyncio
import html
import os
from pathlib import Path
from typing import BinaryIO

from aiohttp import web

from netwatch.disk.reading import open_regular
from netwatch.disk.worker import DiskWorker
from netwatch.report.shelf import KeptPaper, kept_papers, parse_name

MAX_TRANSFERS = 8
"""Papers that are sent at a time; whoever wants a further one is told to try again."""

CHUNK_OCTETS = 1 << 16
"""Of a paper that are in memory for each transfer."""

MAX_PAPER_OCTETS = 256 << 20
"""Of a paper that is sent."""

_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
}

_PAGE = """<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Báo cáo / Reports</title><link rel="stylesheet" href="/static/page.css"></head>
<body><main><h1>Báo cáo / Reports</h1>
<p><a href="/">Trang trạng thái / The status page</a></p>
{content}
</main></body></html>
"""

_NONE = "<p>Chưa có báo cáo nào được lưu. / No report is kept yet.</p>"


class ReportPages:
    """Shows what is on the shelf.

    Args:
        directory: of the kept papers; None: there is none.
    """

    def __init__(self, directory: Path | None) -> None:
        self._directory = directory
        self._disk = DiskWorker()
        self._transfers = asyncio.Semaphore(MAX_TRANSFERS)

    def add_to(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get("/reports/", self._list)
        app.router.add_get("/reports/{name}", self._send)

    async def _list(self, _request: web.Request) -> web.StreamResponse:
        directory = self._directory
        try:
            found = await self._disk.run(lambda: kept_papers(directory)) if directory else []
        except OSError as error:
            raise web.HTTPServiceUnavailable(text=f"{error.strerror}\n") from None
        content = _PAGE.format(content=_listed(found))
        return web.Response(text=content, content_type="text/html")

    async def _send(self, request: web.Request) -> web.StreamResponse:
        paper = parse_name(request.match_info["name"])
        if self._directory is None or paper is None:
            raise web.HTTPNotFound(text="no such report\n")
        if self._transfers.locked():
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "5"}, text="try later\n")
        async with self._transfers:
            return await _transfer(request, self._disk, self._directory / paper.name, paper)


async def _transfer(
    request: web.Request, disk: DiskWorker, path: Path, paper: KeptPaper
) -> web.StreamResponse:
    """Send a file piece by piece, so that a slow client costs one piece of memory."""
    try:
        file = await disk.run(lambda: open_regular(path, follow=False))
    except FileNotFoundError:
        raise web.HTTPNotFound(text="no such report\n") from None
    except OSError as error:
        raise web.HTTPServiceUnavailable(text=f"{error.strerror}\n") from None
    try:
        size = min(os.fstat(file.fileno()).st_size, MAX_PAPER_OCTETS)
        headers = {
            "Content-Type": _TYPES[paper.form],
            "Content-Disposition": f'attachment; filename="{paper.name}"',
        }
        response = web.StreamResponse(headers=headers)
        response.content_length = size
        await response.prepare(request)
        if request.method != "HEAD":
            await _send_pieces(response, disk, file, size)
        return response
    finally:
        file.close()


async def _send_pieces(
    response: web.StreamResponse, disk: DiskWorker, file: BinaryIO, size: int
) -> None:
    while size > 0:
        wanted = min(size, CHUNK_OCTETS)
        piece = await disk.run(lambda wanted=wanted: file.read(wanted))  # type: ignore[misc]
        if not piece:
            return  # it was cut short meanwhile; the client sees that the length is wrong
        size -= len(piece)
        await response.write(piece)


def _listed(papers: list[KeptPaper]) -> str:
    """A list of links, the latest month first."""
    if not papers:
        return _NONE
    lines = [f"<h2>{html.escape(papers[0].period)}</h2><ul>"]
    period = papers[0].period
    for paper in papers:
        if paper.period != period:
            period = paper.period
            lines.append(f"</ul><h2>{html.escape(period)}</h2><ul>")
        name = html.escape(paper.name)
        of = html.escape(paper.of or "toàn tỉnh / the province")
        lines.append(f'<li><a href="/reports/{name}">{of}, {paper.form.upper()}</a></li>')
    return "\n".join([*lines, "</ul>"])
