"""The page that signs a letter of authorization, opened by a link without an account."""

from base64 import b64decode
from binascii import Error as NotBase64
from io import BytesIO
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask_limiter.util import get_remote_address
from PIL import Image, UnidentifiedImageError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.desk.papers import Signature, letter_pdf, letter_text
from service.errors import Invalid, NotFound
from service.names import folded_name
from service.porting.filing import filing_of
from service.porting.letters import Letter, letter_to_sign, sign
from service.time import now
from service.web.shell.branding import show_workspace
from service.web.shell.context import services
from service.web.shell.form import Form
from service.web.shell.languages import language, use_language
from service.web.shell.security import limiter
from service.web.transfer.forms import SignForm

blueprint = Blueprint("sign", __name__, url_prefix="/sign/<token>")

Answer = str | Response | tuple[str, int]

_PICTURE: Final = "data:image/png;base64,"
_WIDEST: Final = 2000
"""Pixels in each direction; the page's canvas has fewer."""


@blueprint.get("")
@limiter.limit("60/minute")
def show(token: str) -> str:
    """The page of the letter to sign; once signed, it says who signed it and when."""
    with services().sessions.begin() as session:
        return _page(session, _letter(session, token), Form(SignForm()))


@blueprint.post("")
@limiter.limit("30/hour")
def give(token: str) -> Answer:
    """Sign the letter."""
    form = Form(SignForm(), request.form)
    try:
        with services().sessions.begin() as session:
            _sign(session, _letter(session, token), form)
    except Invalid as refusal:
        with services().sessions.begin() as session:
            return _page(session, _letter(session, token), form.refused(refusal)), 422
    return redirect(url_for(".show", token=token))


@blueprint.get("/letter.pdf")
@limiter.limit("60/minute")
def copy(token: str) -> Response:
    """Download the signed letter."""
    with services().sessions.begin() as session:
        pdf = _letter(session, token).pdf
        if pdf is None:
            raise NotFound("This isn’t signed yet.")
        headers = {"Content-Disposition": 'attachment; filename="letter.pdf"', "Cache-Control": "no-store"}
        return Response(pdf, mimetype="application/pdf", headers=headers)


def _letter(session: Session, token: str) -> Letter:
    letter = letter_to_sign(session, services(), token)
    show_workspace(letter.project.workspace)
    use_language(letter.project.language)
    return letter


def _sign(session: Session, letter: Letter, form: Form) -> None:
    form_data = form.data()
    _must_be(letter.project.authorized_person, form_data["signer"])
    filing = filing_of(session, letter.attempt)
    signature = Signature(
        signer=" ".join(form_data["signer"].split()),
        at=now(),
        network_address=get_remote_address(),
        text=letter_text(filing, language()),
        drawing=_drawing(form_data["drawing"]),
    )
    sign(
        session,
        services(),
        letter,
        signer=signature.signer,
        network_address=signature.network_address,
        digest=signature.digest,
        pdf=letter_pdf(filing, signature),
    )


def _must_be(person: str, signer: str) -> None:
    if _together(signer) != _together(person):
        raise Invalid({"signer": ["Enter the name as it is in the letter. Only that person can sign it."]})


def _together(name: str) -> str:
    return folded_name(name).replace(" ", "").replace("-", "")


def _drawing(sent: str) -> bytes:
    """The drawn signature as a PNG, b"" if there is none. Raises `Invalid`."""
    if not sent:
        return b""
    try:
        drawing = b64decode(sent.removeprefix(_PICTURE), validate=True)
        with Image.open(BytesIO(drawing), formats=["PNG"]) as picture:
            picture.load()
            fits = picture.width <= _WIDEST and picture.height <= _WIDEST
    except (NotBase64, ValueError, UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError):
        fits = False
    if not fits:
        raise Invalid({"drawing": ["Your drawing didn’t come through. Draw it again, or leave it out."]})
    return drawing


def _page(session: Session, letter: Letter, form: Form) -> str:
    text = "" if letter.signed_at else letter_text(filing_of(session, letter.attempt), language())
    return render_template("transfer/sign.html", letter=letter, project=letter.project, text=text, form=form)
