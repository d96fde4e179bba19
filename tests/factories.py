"""People, lines and drafts for tests, made through the same use-cases as in the product."""

import json
from datetime import timedelta
from io import BytesIO

from fpdf import FPDF
from PIL import Image, ImageDraw
from sqlalchemy import select, update

from provisioning.contract.porting import NumberKind
from provisioning.contract.registration import Industry, LegalForm
from service.accounts import sign_ins
from service.accounts.models import DESK, User, Workspace
from service.desk.papers import Signature, letter_pdf, letter_text
from service.inbox.contacts import conversation_with
from service.language import Language
from service.lines.inventory import open_line
from service.porting import details, drafts
from service.porting.bill_files import bill_file
from service.porting.filing import filing_of
from service.porting.letters import Letter, sign
from service.porting.models import DocumentPage, PortNumber
from service.porting.states import State
from service.porting.weeks import PortWeek, monday
from service.proven_numbers import prove
from service.registration.models import Purpose
from service.registration.pools import business_for, open_pool
from service.time import now

CUSTOMER = "+14155552671"
"""The phone of the customer, who gets the notices."""

CALLER = "+14155550123"
"""A caller from another network."""

OWN = "+14155552000"
"""A number whose port succeeds."""

GOOD_ACCOUNT_NUMBER = "1000200030"
GOOD_PIN = "4242"


def a_bill():
    """A picture that could be a photo of a bill."""
    picture = BytesIO()
    Image.new("RGB", (60, 80), "white").save(picture, "PNG")
    return picture.getvalue()


def a_printed_bill(*lines):
    """A PDF with these lines, as an operator's billing makes it."""
    paper = FPDF()
    paper.add_page()
    paper.set_font("Helvetica", size=11)
    for line in lines:
        paper.cell(text=line, new_x="LMARGIN", new_y="NEXT")
    return bytes(paper.output())


def have_read(bill, *lines):
    """Make a bill a photo on which these lines were read, as `read_photo` keeps them."""
    height, side = 60, 1200
    photo = Image.new("RGB", (side, height * (len(lines) + 1)), "white")
    for place, line in enumerate(lines):
        ImageDraw.Draw(photo).text((60, height * place + 15), line, "black", font_size=36)
    whole, picture = photo.height, BytesIO()
    photo.save(picture, "JPEG")
    places = [(60 / side, height * place / whole, 0.8, height * (place + 1) / whole) for place in range(len(lines))]
    rows = [(line, [(line, place)]) for line, place in zip(lines, places, strict=True)]
    page = DocumentPage(position=1, width=side, height=whole, picture=picture.getvalue(), rows=json.dumps(rows))
    bill.pages, bill.words = [page], "\n".join(lines)


BILL = (
    "Rehearsal Bell    Statement date: Feb 20, 2026",
    "ALICE'S BAKERY LLC",
    "1 MAIN ST STE 5",
    "SAN FRANCISCO, CA 94105-1234",
    "Account number: 1000 2000 30",
    "Service for (415) 555-2000   Mar 1, 2026 - Mar 31, 2026",
    "Total due by March 20, 2026",
)
"""The lines of Alice's bill, in the spelling of her operator."""


def signed_in(services, uniquifier):
    """What the cookie of a browser holds in which this person has just signed in; our staff with a second step."""
    with services.sessions.begin() as session:
        user = session.scalars(select(User).where(User.fs_uniquifier == uniquifier)).one()
        return sign_ins.begin(session, user, "Firefox, Windows", second_step=user.has_role(DESK))


def a_line(session, services, *, area="415", language=Language.ENGLISH):
    """A workspace with a line that is owed its temporary number, and with a pool where it needs its own."""
    workspace = Workspace(name="Alice's Bakery", language=language)
    session.add(workspace)
    session.flush()
    open_pool(session, services, workspace.id, workspace.name)
    return open_line(
        session,
        services,
        workspace_id=workspace.id,
        name="Main line",
        country="US",
        language=language,
        area=area,
    )


def a_caller(session, line, number=CALLER):
    """The conversation with a person who has called before, so that a text to them needs no introduction."""
    conversation = conversation_with(session, line, number)
    conversation.heard += 1
    return conversation


def a_draft(session, line, *numbers, **changes):
    """A port project with everything filled in, not sent yet."""
    project = drafts.open_project(
        session,
        line=line,
        language=changes.pop("language", Language.ENGLISH),
        contact_number=CUSTOMER,
        contact_email="alice@bakery.example",
    )
    details.revise(
        session,
        project,
        {
            "subscriber_name": "Alice's Bakery LLC",
            "authorized_person": "Alice Baker",
            "authorized_email": "alice@bakery.example",
            "street": "1 Main Street",
            "city": "San Francisco",
            "region": "CA",
            "postal_code": "94105",
            "account_number": GOOD_ACCOUNT_NUMBER,
            "agreed_at": now(),
            **changes,
        },
    )
    details.add_bill(session, project, bill_file([("bill.png", a_bill())]))
    drafts.add_numbers(session, project, numbers)
    confirm(project)
    prove(session, project.workspace_id, project.contact_number)
    return project


def a_business(session, workspace_id, **changes):
    """The business of a workspace with every answer that its registration asks for."""
    answers = {
        "legal_name": "Alice's Bakery LLC",
        "legal_form": LegalForm.LLC,
        "industry": Industry.FOOD,
        "tax_id": f"12-{3400000 + workspace_id}",
        "street": "1 Main Street",
        "city": "San Francisco",
        "region": "CA",
        "postal_code": "94105",
        "website": "https://bakery.example",
        "first_name": "Alice",
        "last_name": "Baker",
        "email": "alice@bakery.example",
        "phone": CUSTOMER,
        "purpose": Purpose.ANSWERS,
        "description": "Alice's Bakery answers customers who asked for a text message about their order.",
        "flow": "At https://bakery.example/texts the visitor types a number and ticks an empty box to get texts.",
        "samples": [
            "Alice's Bakery: your cake is ready at [time]. Reply STOP to opt out.",
            "Alice's Bakery: [first name], we got your order. Reply HELP for help.",
        ],
        "help_text": "Alice's Bakery: call 415-555-2000. STOP ends texts.",
        "stop_text": "Alice's Bakery: you get no more texts.",
        "privacy_url": "https://bakery.example/privacy",
        "terms_url": "https://bakery.example/terms",
        "opt_in_image": "https://bakery.example/box.png",
        "confirmed_at": now(),
    }
    business = business_for(session, workspace_id)
    for name, answer in (answers | changes).items():
        setattr(business, name, answer)
    return business


def confirm(project):
    """The code that was sent to each of the numbers has been entered."""
    for number in project.numbers:
        number.confirmed_at = now()


def confirm_numbers(services):
    """The same for every draft."""
    with services.sessions.begin() as session:
        session.execute(update(PortNumber).where(PortNumber.state == State.DRAFT).values(confirmed_at=now()))


def sign_letters(session, services):
    """The person with authority signs every letter of ours that waits."""
    for letter in session.scalars(select(Letter).where(Letter.signed_at.is_(None))):
        filing = filing_of(session, letter.attempt)
        signature = Signature("Alice Baker", now(), "192.0.2.7", letter_text(filing, Language.ENGLISH))
        sign(
            session,
            services,
            letter,
            signer=signature.signer,
            network_address=signature.network_address,
            digest=signature.digest,
            pdf=letter_pdf(filing, signature),
        )


def a_week(ago, provider, *, arrived, rejected):
    """What transfers from an old operator did in the week so many weeks ago."""
    week = monday(now().date()) - timedelta(weeks=ago)
    row = PortWeek(carrier="twilio", country="US", kind=NumberKind.LOCAL, provider=provider, week=week)
    row.arrived, row.right_first = arrived, arrived - rejected
    row.wished, row.wished_kept, row.promised, row.promised_kept = 3, 1, arrived, arrived - 1
    row.filed_to_date, row.date_to_arrival = {str(2 + ago % 3): arrived}, {"3": arrived - 1, "6": 1}
    row.filed_to_arrival = {str(5 + ago % 3): arrived - 1, "12": 1}
    row.rejected, row.lost = ({"account_number": rejected}, {"account_number": 3 * rejected}) if rejected else ({}, {})
    return row
