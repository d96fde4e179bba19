"""`numbers-upload.twilio.com/v1/Documents`: bills, as multipart. The content is checked and not kept."""

from flask import Blueprint, request
from werkzeug.datastructures import FileStorage

from sandbox.current import asking, the_world
from sandbox.errors import Refusal
from sandbox.records import Document, new_sid
from sandbox.twilio.auth import guard
from sandbox.twilio.dates import iso

LARGEST = 10 * 1024 * 1024
SIGNS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png"}
documents = guard(Blueprint("documents", __name__, url_prefix="/numbers-upload.twilio.com/v1/Documents"))


@documents.post("")
def upload() -> tuple[dict[str, object], int]:
    """Upload a bill: 201. Only a part named `File` counts; without one `mime_type` is null."""
    if request.mimetype != "multipart/form-data":
        raise Refusal(20001, "The request must be of type multipart/form-data.")
    if request.form.get("document_type") != "utility_bill":
        raise Refusal(22171, "Missing or invalid fields: document_type.")
    world, now = the_world(), the_world().exchange.now()
    document = Document(
        sid=new_sid("RD"),
        account_sid=asking().sid,
        friendly_name=request.form.get("friendly_name"),
        document_type="utility_bill",
        mime_type=_kind(request.files.get("File")),
        created=now,
    )
    with world.exchange.changing() as state:
        state.documents[document.sid] = document
    return _resource(document), 201


def _kind(file: FileStorage | None) -> str | None:
    """The type of the content, whatever its name says; None if there is none."""
    content = file.read(LARGEST + 1) if file else b""
    if not content:
        return None
    kind = next((kind for sign, kind in SIGNS.items() if content.startswith(sign)), None)
    if kind is None or len(content) > LARGEST:
        raise Refusal(20001, "The file must be a PDF, JPEG or PNG of at most 10 MB.")
    return kind


def _resource(document: Document) -> dict[str, object]:
    return {
        "sid": document.sid,
        "account_sid": document.account_sid,
        "friendly_name": document.friendly_name,
        "document_type": document.document_type,
        "mime_type": document.mime_type,
        "status": "DRAFT",
        "failure_reason": None,
        "date_created": iso(document.created),
    }
