"""The bill that was uploaded with a form."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask import request

from service.porting.bill_files import LARGEST_BILL, MOST_PHOTOS, BillFile, bill_file
from service.web.shell.context import services
from service.web.shell.heavy_files import opening
from service.web.shell.room import require_room_for_file

LARGEST_UPLOAD: Final = (MOST_PHOTOS * LARGEST_BILL) + 1024 * 1024
"""Bytes: slightly more than all photos, so that one slightly too large is refused beside its field."""


def let_photos_in(endpoint: str | None, _: Mapping[str, Any] | None) -> None:
    """Allow larger uploads where a bill may come. Flask checks the size as it reads the form, which is later."""
    if endpoint in {"steps.answer", "ports.mend", "details.give", "embedded.give"}:
        request.max_content_length = LARGEST_UPLOAD


def uploaded_bill(workspace_id: int | None = None) -> BillFile | None:
    """The bill that came with the form, None without one. Raises `Invalid`.

    It is slow, so it precedes the transaction. It counts for a workspace, by default the signed-in person's.
    """
    sent = [(file.filename, file.read()) for file in request.files.getlist("bill") if file.filename]
    return opened_bill(sent, workspace_id) if sent else None


def opened_bill(sent: Sequence[tuple[str, bytes]], workspace_id: int | None = None) -> BillFile:
    """The bill of files, each with its name, as `uploaded_bill` reads it."""
    with services().sessions.begin() as session:
        size = sum(len(content) for _, content in sent)
        require_room_for_file(session, size, field="bill", workspace_id=workspace_id)
    with opening("bill", workspace_id):
        return bill_file(sent)
