"""Reading and signing our letter of authorization by its link, without an account."""

from base64 import b64encode
from datetime import timedelta
from hashlib import sha256
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select

from provisioning.carriers import manual
from service.desk.models import DeskOrder
from service.desk.worklist import DeskWorklist
from service.porting import projects
from service.porting.letters import LIFE, Letter, must_be_signed, sign_link
from service.porting.models import Attempt, PortHistory, PortNumber, PortProject
from service.porting.states import State
from service.schedule.remind import remind

CANADIAN = "+16045552671"


@pytest.fixture
def carriers(carriers, sessions):
    return carriers | {"manual": manual.build({}, worklist=DeskWorklist(sessions))}


@pytest.fixture
def signer(mailbox, filed):
    """The link in the e-mail to the person with authority."""

    def link(**changes):
        filed(CANADIAN, authorized_email="boss@bakery.example", **changes)
        return links(mailbox)[-1]

    return link


def links(mailbox):
    letters = mailbox.to("boss@bakery.example")
    return [line.split(": ")[-1] for mail in letters for line in mail.text.splitlines() if "/sign/" in line]


@pytest.fixture
def letter(services):
    def read():
        with services.sessions() as session:
            found = session.scalars(select(Letter).order_by(Letter.id.desc())).first()
            return found, found.pdf

    return read


def state(services):
    with services.sessions() as session:
        return session.scalars(select(PortNumber.state)).one()


def test_every_number_name_and_address_stands_on_the_page_and_no_secret(reader, signer):
    page = reader.open(signer(account_number="1000200030", pin="PIN-4242"))
    for fact in ("+1 604-555-2671", "Alice's Bakery LLC", "1 Main Street", "94105", "Alice Baker"):
        assert page.says(fact)
    assert "1000200030" not in page.text
    assert "PIN-4242" not in page.text
    assert not page.select("nav, footer")


def test_the_day_until_which_to_sign_is_one_at_the_business(reader, signer, clock, mailbox):
    clock.jump(timedelta(hours=10))  # Monday evening in San Francisco, Tuesday in UTC; summer time begins meanwhile
    page = reader.open(signer())
    last_day = "Wednesday, April 1"
    assert page.says(f"by {last_day}")
    assert last_day in mailbox.to("boss@bakery.example")[-1].text


def test_nothing_is_sent_before_it_is_signed_and_everything_after(reader, signer, services, work, letter):
    reader.open(signer())
    assert state(services) == State.AWAITING_SIGNATURE
    assert reader.submit(signer="alice  baker", agreed="y").heading() == "Signed. Thank you."
    work()
    assert state(services) == State.IN_REVIEW
    found, pdf = letter()
    assert (found.signer, found.network_address) == ("alice baker", "127.0.0.1")
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    for fact in ("+1 604-555-2671", "Alice's Bakery LLC", "1 Main Street", "alice baker", "127.0.0.1"):
        assert fact in text
    assert found.digest in text.replace("\n", "")  # too long for a line


def test_the_fingerprint_is_that_of_the_text_that_was_read(reader, signer, letter):
    page = reader.open(signer())
    read = "\n\n".join(paragraph.text for paragraph in page.select(".letter p"))
    reader.submit(signer="Alice Baker", agreed="y")
    assert letter()[0].digest == sha256(read.encode()).hexdigest()


def test_a_drawn_signature_stands_on_the_paper(reader, signer, letter):
    drawn = BytesIO()
    Image.new("RGBA", (560, 160)).save(drawn, "PNG")
    reader.open(signer())
    sent = "data:image/png;base64," + b64encode(drawn.getvalue()).decode()
    reader.submit(signer="Alice Baker", agreed="y", drawing=sent)
    assert PdfReader(BytesIO(letter()[1])).pages[0].images


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"signer": "Bob Builder", "agreed": "y"}, "signer"),
        ({"signer": " ", "agreed": "y"}, "signer"),
        ({"signer": "Alice Baker"}, "agreed"),
        ({"signer": "Alice Baker", "agreed": "y", "drawing": "data:image/png;base64,AAAA"}, ""),
        ({"signer": "Alice Baker", "agreed": "y", "drawing": "drawn"}, ""),
    ],
)
def test_what_is_no_signature_is_refused_and_nothing_happens(reader, signer, services, typed, wrong):
    reader.open(signer())
    page = reader.submit(status=422, **typed)
    assert set(page.wrong()) == {wrong} - {""}
    assert page.select("[data-errors]")
    assert state(services) == State.AWAITING_SIGNATURE


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Anne-Marie O'Brien", "anne-marie o’brien"),
        ("Anne-Marie O’Brien", "Anne\N{NON-BREAKING HYPHEN}Marie O`Brien"),
        ("Åsa Öberg", "A\N{COMBINING RING ABOVE}sa O\N{COMBINING DIAERESIS}berg"),
        ("John Q. Public, Jr.", "John Q Public Jr"),
        ("Alice Baker", "Alice\N{NO-BREAK SPACE}Baker\N{ZERO WIDTH SPACE}"),
    ],
)
def test_a_name_may_be_typed_on_any_keyboard(reader, signer, written, typed):
    reader.open(signer(authorized_person=written))
    assert reader.submit(signer=typed, agreed="y").heading() == "Signed. Thank you."


@pytest.mark.parametrize("typed", ["Asa Öberg", "Åsa Öbergs", "Öberg Åsa"])
def test_another_name_stays_another(reader, signer, services, typed):
    reader.open(signer(authorized_person="Åsa Öberg"))
    assert set(reader.submit(signer=typed, agreed="y", status=422).wrong()) == {"signer"}


def test_it_is_signed_once_and_kept_to_download(reader, signer):
    link = signer()
    reader.open(f"{link}/letter.pdf", status=404)
    reader.open(link)
    reader.submit(signer="Alice Baker", agreed="y")
    assert reader.open(link).says("You don’t need to do anything else.")
    assert reader.client.get(f"{link}/letter.pdf").data.startswith(b"%PDF")


@pytest.mark.parametrize("token", ["x", "MQ.abc"])
def test_a_made_up_link_signs_nothing(reader, token):
    reader.get("sign.show", token=token, status=404)


def test_a_port_called_off_has_nothing_to_sign(reader, signer, services):
    link = signer()
    with services.sessions.begin() as session:
        projects.cancel(session, services, session.scalars(select(PortProject)).one())
    assert state(services) == State.CANCELED
    assert reader.open(link, status=404).says("There’s nothing left to sign here.")


def test_the_link_of_a_signed_letter_ends_with_the_port(reader, signer, services, work):
    link = signer()
    reader.open(link)
    reader.submit(signer="Alice Baker", agreed="y")
    work()
    with services.sessions.begin() as session:
        projects.cancel(session, services, session.scalars(select(PortProject)).one())
    reader.open(link)
    work()
    with services.sessions.begin() as session:
        session.scalars(select(PortNumber)).one().state = State.CANCELED
    for page in (link, f"{link}/letter.pdf"):
        reader.open(page, status=404)


def test_a_new_letter_ends_the_link_of_the_one_before(reader, signer, services, clock):
    link = signer()
    clock.jump(LIFE)
    with services.sessions.begin() as session:
        assert must_be_signed(session, services, session.scalars(select(Attempt)).one())
        newest = sign_link(services, session.scalars(select(Letter).order_by(Letter.id.desc())).first())
    reader.open(link, status=404)
    reader.open(newest)


def test_the_signer_is_reminded_and_after_thirty_days_it_has_run_out(reader, signer, services, work, clock, mailbox):
    link = signer()
    for _ in range(4):
        clock.jump(timedelta(days=1, minutes=1))
        remind(services)
        work()
    assert links(mailbox) == [link] * 4
    clock.jump(timedelta(days=27))
    remind(services)
    work()
    assert state(services) == State.EXPIRED
    reader.open(link, status=404)


def test_the_signer_who_is_signed_in_finds_it_on_the_page_of_the_port(alice, bob, filed):
    public_id = filed(CANADIAN, authorized_email="alice@alice.example")
    assert alice.get("ports.show", public_id=public_id).select("main a[href*='/sign/']")
    assert not bob.get("ports.show", public_id=public_id).select("main a[href*='/sign/']")


@pytest.fixture
def rejected(services, reader, signer, work):
    """A port by hand that was signed and that the old operator rejected."""

    def reject(reason):
        reader.open(signer(account_number="1"))
        reader.submit(signer="Alice Baker", agreed="y")
        work()
        with services.sessions.begin() as session:
            (number,) = session.scalars(select(DeskOrder)).one().numbers
            number.status, number.reasons = "rejected", [reason]
        from service.porting.asking import ask_carrier

        with services.sessions.begin() as session:
            ask_carrier.defer(session, order_id=session.scalars(select(PortNumber)).one().order_id)
        work()
        assert state(services) == State.ACTION_REQUIRED

    return reject


def mend(services, work, **changes):
    with services.sessions.begin() as session:
        projects.correct(session, services, session.scalars(select(PortProject)).one(), changes)
    work()


def test_a_corrected_account_number_needs_no_new_signature(rejected, services, work):
    rejected("account_number")
    mend(services, work, account_number="1000200030")
    assert state(services) == State.IN_REVIEW


def test_the_same_name_in_other_bytes_needs_no_new_signature(rejected, services, work):
    rejected("account_number")
    mend(services, work, account_number="1000200030", city="San\N{NO-BREAK SPACE}Francisco")
    assert state(services) == State.IN_REVIEW


def test_a_corrected_address_stands_on_the_letter_and_is_signed_anew(rejected, reader, services, work, mailbox):
    rejected("address")
    before = links(mailbox)[-1]
    mend(services, work, street="2 Main Street")
    reader.open(before, status=404)
    assert state(services) == State.AWAITING_SIGNATURE
    assert reader.open(links(mailbox)[-1]).says("2 Main Street")
    reader.submit(signer="Alice Baker", agreed="y")
    work()
    assert state(services) == State.IN_REVIEW
    with services.sessions() as session:
        assert [row.event for row in session.scalars(select(PortHistory))].count("signed") == 2
