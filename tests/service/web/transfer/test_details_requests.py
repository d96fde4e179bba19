"""Company accounts: an IT person or bookkeeper gives the details that they know by a link, without an account."""

import re
from datetime import timedelta
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from service.accounts.models import Workspace
from service.language import Language
from service.porting import projects
from service.porting.bill_files import bill_file
from service.porting.details import add_bill
from service.porting.drafts import remove_number
from service.porting.models import DetailsRequest, PortProject
from tests.factories import OWN, a_bill, a_draft

ANNA = "anna@it.example"
EVERYTHING = ["account_number", "pin", "bill", "authorized_person"]
ACCOUNT, PIN = "100020003012", "PIN-4242"
MOBILE = "+14155556102"
"""At an operator that insists on a PIN."""


@pytest.fixture
def draft(services, line, work):
    """A draft whose owner has neither account number nor bill."""

    def begin(*numbers, **changes):
        with services.sessions.begin() as session:
            project = a_draft(session, session.merge(line), *(numbers or [MOBILE]), account_number="", **changes)
            project.account_number = None
            project.documents.clear()
            project.answered = ["holder", "address"]
        work()
        return project.public_id

    return begin


@pytest.fixture
def ask(alice, work):
    def go(public_id, *wanted, email=ANNA):
        alice.get("details_requests.ask", public_id=public_id)
        alice.submit(email=email, wanted=list(wanted) or EVERYTHING)
        work()

    return go


@pytest.fixture
def link(mailbox):
    """The path in the latest mail to Anna."""
    return lambda: urlsplit(re.search(r"http\S+/details/\S+", mailbox.to(ANNA)[-1].text).group()).path


@pytest.fixture
def hears(mailbox, work):
    """What the contact of the draft is mailed."""

    def read():
        work()
        return [mail.subject for mail in mailbox.to("alice@bakery.example")]

    return read


@pytest.fixture
def stored(services):
    def read(public_id):
        with services.sessions() as session:
            project = session.scalars(select(PortProject).filter_by(public_id=public_id)).one()
            return project, [document.name for document in project.documents]

    return read


@pytest.fixture
def change(services):
    """Change the draft, or what belongs to it, behind the pages."""

    def run(public_id, act):
        with services.sessions.begin() as session:
            act(session, session.scalars(select(PortProject).filter_by(public_id=public_id)).one())

    return run


def asked_for(page):
    """The names of the fields that a person can fill in."""
    fields = page.select("main input:not([type=hidden]), main textarea, main select")
    return [field["name"] for field in fields]


def waiting(page):
    return " ".join(page.select_one("#asked-of ~ ul .person").text.split())


def test_the_link_opens_a_page_with_only_what_was_asked(alice, reader, draft, ask, link):
    ask(draft(), "account_number", "pin")
    page = reader.open(link())
    assert page.says("Alice at Alice's Bakery is transferring this to Portline")
    assert page.says("(415) 555‑6102")
    assert page.says("The account number and PIN are encrypted, never shown")
    assert asked_for(page) == ["account_number", "pin"]
    assert not page.select("nav, footer")


def test_no_answer_of_the_draft_stands_on_the_page_or_in_the_mail(reader, draft, ask, link, mailbox):
    ask(draft(contact_number="+14155550188", subscriber_name="Secret Holder LLC"))
    seen = reader.open(link()).text + mailbox.to(ANNA)[-1].text + mailbox.to(ANNA)[-1].html
    for answer in ("Secret Holder", "1 Main Street", "94105", "Alice Baker", "alice@bakery", "0188"):
        assert answer not in seen


def test_the_asker_sees_what_is_still_missing_and_hears_when_all_is_there(
    alice, reader, draft, ask, link, hears, stored
):
    public_id = draft()
    ask(public_id)
    reader.open(link())
    reader.submit(account_number=ACCOUNT)
    assert reader.page.says("Still missing Transfer PIN")
    assert waiting(alice.get("review.show", public_id=public_id)).startswith(
        f"Waiting for {ANNA} Account number: Added · Transfer PIN: missing"
    )
    assert not hears()
    reader.submit(
        pin=PIN,
        bill=(BytesIO(a_bill()), "bill.png"),
        authorized_person="Boris Boss",
        authorized_email="boris@bakery.example",
    )
    assert reader.page.says("Nothing. Thank you, that’s everything.")
    assert hears() == [f"{ANNA} gave the details for (415) 555-6102"]
    project, bills = stored(public_id)
    assert (project.account_number, project.pin, bills) == (ACCOUNT, PIN, ["bill.png"])
    assert (project.authorized_person, project.authorized_email) == ("Boris Boss", "boris@bakery.example")
    assert waiting(alice.get("review.show", public_id=public_id)).startswith(f"{ANNA} answered everything")


def test_what_was_given_is_never_shown_back(alice, reader, draft, ask, link):
    public_id = draft()
    ask(public_id)
    reader.open(link())
    reader.submit(account_number=ACCOUNT, pin=PIN, authorized_person="Boris Boss")
    for page in (reader.open(link()), alice.get("review.show", public_id=public_id)):
        assert ACCOUNT not in page.prettify()
        assert PIN not in page.prettify()
    assert alice.page.says("•••• 3012")
    assert "Boris" not in reader.open(link()).prettify()
    assert reader.page.says("Already added. Leave it empty to keep it.")


def test_the_log_says_who_gave_details_and_no_secret(alice, reader, draft, ask, link):
    ask(draft())
    reader.open(link())
    reader.submit(account_number=ACCOUNT)
    page = alice.get("changes.listing")
    assert page.says(f"Asked {ANNA} for details of (415) 555-6102")
    assert page.says(f"{ANNA} gave details of a number by the link in their mail")
    assert ACCOUNT not in page.text


def test_the_owner_goes_on_with_the_rest_meanwhile(alice, draft, ask):
    public_id = draft()
    ask(public_id)
    assert alice.page.heading() == "Account and PIN"
    assert alice.page.says(f"{ANNA} for some of this. Leave that empty and continue.")
    assert alice.submit().heading() == "Latest bill"
    assert alice.submit().heading() == "Date and contact"
    page = alice.submit(contact_email="alice@bakery.example")
    assert page.says("Enter the account number as on your bill.")
    assert page.select_one("main form [disabled]").text == "Send transfer request"


def test_a_person_with_authority_whom_the_asker_does_not_know_is_not_guessed(alice, draft, ask, change):
    public_id = draft(authorized_person="", authorized_email="")
    change(public_id, lambda _, project: setattr(project, "answered", []))
    ask(public_id, "authorized_person")
    page = alice.get("steps.show", public_id=public_id, name="holder")
    assert page.kept("authorized_person") == page.kept("authorized_email") == ""
    assert alice.submit().heading() == "Service address"


def test_what_somebody_was_asked_for_is_asked_of_nobody_else(alice, draft, ask, services):
    public_id = draft()
    ask(public_id, "account_number")
    page = alice.get("details_requests.ask", public_id=public_id)
    assert "account_number" not in [box["value"] for box in page.select("[name=wanted]")]
    alice.submit(email="bo@it.example", wanted=["account_number"], status=422)
    assert alice.page.says("Someone has already been asked for this.")
    with services.sessions() as session:
        assert [one.email for one in session.scalars(select(DetailsRequest))] == [ANNA]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"email": "", "wanted": ["pin"]}, "Enter their email."),
        ({"email": "anna", "wanted": ["pin"]}, "Enter an email address like name@example.com."),
        ({"email": ANNA, "wanted": []}, "Choose what to ask for."),
    ],
)
def test_a_wrong_request_is_refused_and_nothing_is_mailed(alice, draft, mailbox, work, typed, said):
    alice.get("details_requests.ask", public_id=draft())
    assert alice.submit(**typed, status=422).says(said)
    work()
    assert not mailbox.to(ANNA)


def test_only_who_may_send_it_asks_others(bob, charlie, draft):
    public_id = draft()
    bob.get("details_requests.ask", public_id=public_id, status=403)
    charlie.get("details_requests.ask", public_id=public_id, status=404)


def test_nothing_and_a_wrong_file_are_refused(reader, draft, ask, link, stored):
    public_id = draft()
    ask(public_id)
    reader.open(link())
    assert reader.submit(status=422).says("Fill in at least one of these.")
    page = reader.submit(account_number=ACCOUNT, bill=(BytesIO(b"MZ"), "bill.exe"), status=422)
    assert page.says("We can’t read this file.")
    reader.submit(account_number="1" * 101, status=422)
    assert reader.page.says("This is too long.")
    assert stored(public_id)[0].account_number is None
    assert reader.open(link()).says("Still missing Account number")


def test_what_was_not_asked_is_not_taken(reader, draft, ask, link, stored):
    public_id = draft(street="1 Main Street")
    ask(public_id, "account_number")
    page = reader.open(link())
    token = page.select_one("[name=csrf_token]")["value"]
    sent = {"csrf_token": token, "account_number": ACCOUNT, "pin": PIN, "street": "Mine", "subscriber_name": "Mine"}
    sent["bill"] = (BytesIO(a_bill()), "mine.png")
    reader.client.post(link(), data=sent)
    project, bills = stored(public_id)
    assert (project.account_number, project.pin, project.street, bills) == (ACCOUNT, None, "1 Main Street", [])


def test_a_new_link_voids_the_old_one(alice, reader, draft, ask, link, work):
    public_id = draft()
    ask(public_id)
    old = link()
    alice.get("details_requests.ask", public_id=public_id)
    alice.submit(button=f"Send again {ANNA}")
    work()
    assert link() != old
    assert reader.open(old, status=404).says("This link no longer works.")
    reader.open(link())


def test_a_link_that_was_taken_back_opens_nothing_and_what_was_given_stays(
    alice, reader, draft, ask, link, stored, work
):
    public_id = draft()
    ask(public_id)
    reader.open(link())
    reader.submit(account_number=ACCOUNT)
    alice.get("details_requests.ask", public_id=public_id)
    assert alice.submit(button=f"Cancel {ANNA}").says("Invitation canceled. The link no longer works.")
    assert reader.submit(pin=PIN, status=404).says("This link no longer works.")
    project, _ = stored(public_id)
    assert (project.account_number, project.pin) == (ACCOUNT, None)


def test_a_mail_that_was_taken_back_before_it_left_is_not_sent(alice, draft, mailbox, work):
    public_id = draft()
    alice.get("details_requests.ask", public_id=public_id)
    alice.submit(email=ANNA, wanted=EVERYTHING)
    alice.get("details_requests.ask", public_id=public_id)
    alice.submit(button=f"Cancel {ANNA}")
    work()
    assert not mailbox.to(ANNA)


def test_a_link_expires_after_a_week(alice, reader, draft, ask, link, clock):
    public_id = draft()
    ask(public_id)
    clock.jump(timedelta(days=7, minutes=1))
    assert reader.open(link(), status=409).says("This link no longer works.")
    page = alice.get("details_requests.ask", public_id=public_id)
    assert page.says("The link has expired. Send the invitation again.")


def test_once_it_is_sent_the_link_says_so(reader, draft, ask, link, change, services):
    def send(session, project):
        project.account_number, project.pin = ACCOUNT, PIN
        add_bill(session, project, bill_file([("bill.png", a_bill())]))
        projects.submit(session, services, project)

    public_id = draft()
    ask(public_id)
    change(public_id, send)
    page = reader.open(link(), status=409)
    assert page.says("This has already been sent to the provider. You don’t need to do anything else.")


def test_once_it_is_called_off_the_link_says_so(reader, draft, ask, link, change, services):
    public_id = draft()
    ask(public_id)
    change(public_id, lambda session, project: projects.cancel(session, services, project))
    page = reader.open(link(), status=409)
    assert page.says("The transfer was canceled. You don’t need to do anything else.")


@pytest.mark.parametrize("token", ["x", "WzEsIngiXQ.aaaaaaaaaaaaaaaaaaaaaaaaaaa"])
def test_a_forged_link_opens_nothing(reader, token, draft, ask):
    ask(draft())
    assert reader.get("details.show", token=token, status=404).says("This link no longer works.")


def test_a_link_of_another_kind_opens_nothing(reader, alice, draft, ask, link):
    ask(draft())
    token = link().rpartition("/")[2]
    for endpoint in ("join.show", "sign.show", "status_page.show"):
        reader.get(endpoint, token=token, status=404)


def test_a_draft_without_numbers_still_says_who_asks(reader, draft, ask, link, change):
    public_id = draft()
    ask(public_id)
    change(public_id, lambda session, project: remove_number(session, project, MOBILE))
    assert reader.open(link()).says("Alice at Alice's Bakery")


def test_a_name_with_line_breaks_adds_no_line_to_the_mail(draft, ask, mailbox, services):
    with services.sessions.begin() as session:
        for workspace in session.scalars(select(Workspace)):
            workspace.name = "Bakery\nBcc: all@example.com\n- an item <b>"
    ask(draft())
    mail = mailbox.to(ANNA)[-1]
    assert "\n" not in mail.subject
    assert "Alice at Bakery Bcc: all@example.com - an item <b> is transferring" in mail.text
    assert "&lt;b&gt;" in mail.html


@pytest.mark.parametrize("language", Language)
def test_the_mail_and_the_page_speak_the_drafts_language(draft, ask, mailbox, reader, link, language):
    ask(draft(OWN, MOBILE, language=language))
    mail = mailbox.to(ANNA)[-1]
    assert len(re.findall(r"^- ", mail.text, re.MULTILINE)) == 4
    assert 0 < len(mail.subject) <= 100
    assert reader.open(link()).html["lang"] == language


def test_the_page_is_kept_nowhere(reader, draft, ask, link):
    ask(draft())
    answer = reader.client.get(link())
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"
