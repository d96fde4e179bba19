"""What belongs to a porting order: windows, comments, papers, codes of its numbers, numbers that stay, splits."""

import secrets
from uuid import uuid4

from flask import Response

from sandbox.current import the_world
from sandbox.telnyx.auth import guarded
from sandbox.telnyx.bodies import json_object, text, texts
from sandbox.telnyx.dates import iso
from sandbox.telnyx.errors import Denied, Json, invalid, not_found
from sandbox.telnyx.kept import all_kept, described, forget, keep, own_kept
from sandbox.telnyx.owned import own_order
from sandbox.telnyx.paging import page
from sandbox.telnyx.papers import own_paper
from sandbox.telnyx.port_requirements import ASSOCIATED, needed_papers, value_of
from sandbox.telnyx.port_resources import comment_resource
from sandbox.telnyx.port_scenarios import EXCEPTIONS, kind
from sandbox.telnyx.records import Kept, PortOrder

port_details = guarded("port_details")
ADDITIONAL = "porting_additional_document"
LETTER = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
"""An empty page in place of the letter that the carrier fills in."""


@port_details.get("/porting_orders/exception_types")
def exception_types() -> Json:
    """List the codes of exceptions."""
    codes = sorted({code for codes in EXCEPTIONS.values() for code in codes} - {"LOA_ILLEGIBLE", "SOMETHING_NEW"})
    return {"data": [{"code": code, "description": code.replace("_", " ").capitalize()} for code in codes]}


@port_details.get("/porting_orders/<sid>/allowed_foc_windows")
def windows(sid: str) -> Json:
    """List the windows in which the order can be ported."""
    return page(
        the_world().port_orders.windows(own_order(sid).numbers),
        lambda window: {
            "record_type": "porting_order_foc_window",
            "started_at": iso(window[0]),
            "ended_at": iso(window[1]),
        },
    )


@port_details.get("/porting_orders/<sid>/comments")
def comments(sid: str) -> Json:
    """List the comments on an order."""
    order = own_order(sid)
    return page(order.comments, lambda comment: comment_resource(order, comment))


@port_details.post("/porting_orders/<sid>/comments")
def add_comment(sid: str) -> tuple[Json, int]:
    """Comment an order: 201."""
    order, body = own_order(sid), json_object(["body"], ["body"])
    return {"data": comment_resource(order, the_world().port_orders.comment(order, text(body, "body")))}, 201


@port_details.get("/porting_orders/<sid>/loa_template")
def letter(sid: str) -> Response:
    """Return the letter of authorization as a PDF."""
    own_order(sid)
    return Response(LETTER, mimetype="application/pdf")


@port_details.get("/porting_orders/<sid>/sub_request")
def support_keys(sid: str) -> Json:
    """Tell under which keys the carrier's staff know an order."""
    key = own_order(sid).support_key
    if key is None:
        raise not_found()
    return {"data": {"sub_request_id": key, "port_request_id": key.replace("sr_", "pr_")}}


@port_details.get("/porting_orders/<sid>/requirements")
def requirements(sid: str) -> Json:
    """List the papers that an order needs, with what was given."""
    order = own_order(sid)
    return page(needed_papers(order), lambda needed: _requirement(order, needed))


@port_details.get("/porting_orders/<sid>/additional_documents")
def additional_documents(sid: str) -> Json:
    """List the papers that were added to an order."""
    return page(_of(own_order(sid), ADDITIONAL), described)


@port_details.post("/porting_orders/<sid>/additional_documents")
def add_documents(sid: str) -> tuple[Json, int]:
    """Add papers to an order: 201."""
    order, rows = own_order(sid), json_object(["additional_documents"], ["additional_documents"])
    listed = rows["additional_documents"]
    wanted = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
    return {"data": [described(_added(order, row)) for row in wanted]}, 201


@port_details.delete("/porting_orders/<sid>/additional_documents/<document>")
def remove_document(sid: str, document: str) -> tuple[str, int]:
    """Remove a paper that was added: 204."""
    own_order(sid)
    forget(own_kept(ADDITIONAL, document))
    return "", 204


@port_details.get("/porting_orders/<sid>/associated_phone_numbers")
def associated_numbers(sid: str) -> Json:
    """List the numbers of the account that do not come."""
    return page(_of(own_order(sid), ASSOCIATED), described)


@port_details.post("/porting_orders/<sid>/associated_phone_numbers")
def associate(sid: str) -> tuple[Json, int]:
    """Say what becomes of numbers that do not come: 201."""
    order, needed = own_order(sid), ["phone_number_range", "action"]
    body = json_object(needed, needed)
    if body["action"] not in {"keep", "disconnect"}:
        raise Denied(invalid("action", "action is keep or disconnect."))
    country, number_type = kind(order.numbers[0])
    about: Json = {"porting_order_id": order.sid, "country_code": country, "phone_number_type": number_type}
    return {"data": described(keep(ASSOCIATED, about | body))}, 201


@port_details.delete("/porting_orders/<sid>/associated_phone_numbers/<associated>")
def dissociate(sid: str, associated: str) -> Json:
    """Forget what was said about a number that does not come."""
    own_order(sid)
    return {"data": described(forget(own_kept(ASSOCIATED, associated)))}


@port_details.get("/porting_orders/<sid>/verification_codes")
def codes(sid: str) -> Json:
    """List the numbers to which codes were sent."""
    order = own_order(sid)
    return page(list(order.proofs), lambda number: _code(order, number))


@port_details.post("/porting_orders/<sid>/verification_codes/send")
def send_codes(sid: str) -> tuple[str, int]:
    """Tell each number a code, by a text or a call: 204."""
    order, needed = own_order(sid), ["phone_numbers", "verification_method"]
    body, world = json_object(needed, needed), the_world()
    for number in texts(body, "phone_numbers"):
        if number not in order.numbers:
            raise Denied(invalid("phone_numbers", f"{number} is not in this order."))
        order.proofs[number] = f"{secrets.randbelow(10**6):06}"
        world.caller_ids.tell_code(number, order.proofs[number], by_text=body["verification_method"] == "sms")
    return "", 204


@port_details.post("/porting_orders/<sid>/verification_codes/verify")
def verify_codes(sid: str) -> Json:
    """Take codes. One that is wrong leaves its number unproven."""
    order, body = own_order(sid), json_object(["verification_codes"], ["verification_codes"])
    given = body["verification_codes"]
    rows = [row for row in given if isinstance(row, dict)] if isinstance(given, list) else []
    for row in rows:
        number = str(row.get("phone_number"))
        if number in order.proofs and order.proofs[number] == row.get("code"):
            order.proven.append(number)
    return {"data": [_code(order, str(row.get("phone_number"))) for row in rows]}


def _of(order: PortOrder, kind_: str) -> list[Kept]:
    return [each for each in all_kept(kind_) if each.fields["porting_order_id"] == order.sid]


def _added(order: PortOrder, row: dict[str, object]) -> Kept:
    paper = own_paper(str(row.get("document_id")))
    if paper is None:
        raise Denied(invalid("additional_documents", f"There is no document {row.get('document_id')}."))
    paper.linked = True
    about = {"filename": paper.filename, "content_type": "application/pdf", "porting_order_id": order.sid}
    return keep(ADDITIONAL, {"document_type": row.get("document_type"), "document_id": paper.sid} | about)


def _requirement(order: PortOrder, needed: Json) -> Json:
    value = value_of(order, str(needed["id"]))
    return {
        "record_type": "porting_requirement",
        "field_type": needed["type"],
        "field_value": value,
        "requirement_type": needed,
        "requirement_status": "approved" if value else "requirement-info-pending",
    }


def _code(order: PortOrder, number: str) -> Json:
    return {
        "id": str(uuid4()),
        "record_type": "porting_verification_code",
        "phone_number": number,
        "verified": number in order.proven,
        "porting_order_id": order.sid,
        "created_at": iso(order.updated),
        "updated_at": iso(order.updated),
    }
