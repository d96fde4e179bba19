"""`/documents`: letters and bills. What no order uses after half an hour is deleted."""

from base64 import b64decode
from binascii import Error
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

from flask import request

from sandbox.current import asking, the_world
from sandbox.telnyx.auth import guarded
from sandbox.telnyx.bodies import json_object, text
from sandbox.telnyx.dates import iso
from sandbox.telnyx.errors import Denied, Json, invalid, missing, not_found
from sandbox.telnyx.paging import known_filters, page
from sandbox.telnyx.records import Paper

papers = guarded("papers")
UNUSED_FOR = timedelta(minutes=30)


@papers.post("/documents")
def upload() -> Json:
    """Upload a document, as base64 in JSON or as a form: 200."""
    filename, reference, content = _form() if request.files else _json()
    now = the_world().exchange.now()
    digest = sha256(content).hexdigest()
    paper = Paper(str(uuid4()), asking().sid, filename, len(content), digest, reference, now)
    with the_world().exchange.changing() as state:
        state.papers[paper.sid] = paper
    return {"data": _resource(paper)}


@papers.get("/documents")
def fetch_list() -> Json:
    """List the account's documents."""
    wanted = known_filters("customer_reference.eq", "customer_reference")
    reference = wanted.get("customer_reference.eq", wanted.get("customer_reference"))
    kept = [paper for paper in the_world().state.papers.values() if _is_there(paper)]
    return page([paper for paper in kept if reference in {None, paper.reference}], _resource)


@papers.get("/documents/<sid>")
def fetch(sid: str) -> Json:
    """Fetch the description of one document."""
    paper = own_paper(sid)
    if paper is None:
        raise not_found()
    return {"data": _resource(paper)}


def own_paper(sid: str) -> Paper | None:
    """A document of the account, or None if there is none, or none any more."""
    paper = the_world().state.papers.get(sid)
    return paper if paper is not None and _is_there(paper) else None


def _is_there(paper: Paper) -> bool:
    return paper.account_sid == asking().sid and (
        paper.linked or the_world().exchange.now() - paper.created <= UNUSED_FOR
    )


def _form() -> tuple[str, str, bytes]:
    file = request.files.get("file")
    if file is None:
        raise Denied(missing("file"))
    return file.filename or "", request.form.get("customer_reference", ""), file.read()


def _json() -> tuple[str, str, bytes]:
    body = json_object(["file", "url", "filename", "customer_reference"], ["file"])
    try:
        content = b64decode(text(body, "file"), validate=True)
    except Error:
        raise Denied(invalid("file", "file is not in base64.")) from None
    return text(body, "filename"), text(body, "customer_reference"), content


def _resource(paper: Paper) -> Json:
    return {
        "id": paper.sid,
        "record_type": "document",
        "filename": paper.filename,
        "customer_reference": paper.reference,
        "size": {"amount": paper.size, "unit": "bytes"},
        "sha256": paper.sha256,
        "status": "pending",
        "av_scan_status": "not_scanned",
        "created_at": iso(paper.created),
        "updated_at": iso(paper.created),
    }
