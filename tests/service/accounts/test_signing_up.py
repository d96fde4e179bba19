"""Signing up, tested below the pages."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from smtplib import SMTPRecipientsRefused

import pytest
from sqlalchemy import func, select

from service.accounts import members, signin
from service.accounts.code_mail import is_refused, send_code
from service.accounts.codes import digits_of
from service.accounts.models import Member, Membership, SignInCode, User, Workspace
from service.accounts.signin import confirm
from service.accounts.signup import sign_up
from service.errors import Forbidden, NotFound
from service.language import Language
from service.lines.inventory import lines_of
from service.lines.models import Line
from service.notifications.mailers import mailer_for

BROWSER = "a browser"
DORA = {
    "asked_by": BROWSER,
    "email": "dora@flowers.example",
    "business": "Dora's Flowers",
    "name": "Dora",
    "language": Language.SWEDISH,
    "zone": "Europe/Stockholm",
    "area": "212",
}


@pytest.fixture
def dora(services):
    with services.sessions.begin() as session:
        return sign_up(session, services, **DORA).id


def last_code(services):
    with services.sessions() as session:
        return session.scalars(select(SignInCode).order_by(SignInCode.id.desc())).first()


def count(services, kind):
    with services.sessions() as session:
        return session.scalar(select(func.count()).select_from(kind))


def test_a_newcomer_owns_a_workspace_and_is_not_confirmed(services, dora):
    with services.sessions() as session:
        [member] = members.memberships(session, dora)
        assert member.role is Membership.OWNER
        assert member.workspace.name == "Dora's Flowers"
        assert session.get_one(User, dora).confirmed_at is None


def test_two_sign_ups_in_the_same_moment_are_one_person(services, database):
    def go(_):
        with services.sessions.begin() as session:
            return sign_up(session, services, **DORA).id

    with ThreadPoolExecutor(4) as crowd:
        assert len(set(crowd.map(go, range(8)))) == 1
    assert (count(services, User), count(services, Workspace), count(services, Member)) == (1, 1, 1)


def test_signing_up_again_in_other_letters_is_the_same_person(services, dora):
    with services.sessions.begin() as session:
        assert sign_up(session, services, **(DORA | {"email": "Dora@Flowers.example"})).id == dora


def test_who_has_left_their_last_team_signs_up_anew_and_gets_a_line(services, dora):
    with services.sessions.begin() as session:
        user = session.get_one(User, dora)
        confirm(session, services, user)
        session.delete(user.memberships[0])
    with services.sessions.begin() as session:
        user = sign_up(session, services, **(DORA | {"business": "Dora's Bulbs"}))
        assert user.id == dora
        assert confirm(session, services, user)
        [place] = members.memberships(session, dora)
        assert (place.role, place.workspace.name) == (Membership.OWNER, "Dora's Bulbs")
        assert [line.name for line in lines_of(session, place.workspace_id)] == ["Dora's Bulbs"]


def test_the_first_confirmation_opens_the_line_and_the_second_opens_nothing(services, dora):
    for first in (True, False):
        with services.sessions.begin() as session:
            assert confirm(session, services, session.get_one(User, dora)) is first
    with services.sessions() as session:
        line = session.scalars(select(Line)).one()
        assert (line.name, line.language) == ("Dora's Flowers", Language.SWEDISH)
        assert line.numbers[0].area == "212"


def test_somebody_who_joins_a_workspace_opens_no_second_line(services, dora):
    with services.sessions.begin() as session:
        confirm(session, services, session.get_one(User, dora))
        bob = User(email="bob@flowers.example", fs_uniquifier="bob")
        session.add(Member(user=bob, workspace_id=members.memberships(session, dora)[0].workspace_id))
        session.flush()
        confirm(session, services, bob)
    assert count(services, Line) == 1


def test_the_code_is_mailed_in_the_persons_language(services, mailbox, dora):
    send_code(services, code_id=last_code(services).id)
    mail = mailbox.mails[0]
    code = digits_of(last_code(services), services.settings.secret_keys)
    assert mail.to == "dora@flowers.example"
    assert mail.subject == f"{code} är din kod till Portline"
    assert code in mail.text
    assert code in mail.html


def test_an_address_that_is_refused_for_good_gets_no_code_until_one_is_asked_for(services, port, mail_server, dora):
    posting = replace(services, mailer=mailer_for(f"smtp://127.0.0.1:{port}", services.settings.mail_from))
    mail_server.recipient_answer = "451 Try again later"
    with pytest.raises(SMTPRecipientsRefused):
        send_code(posting, code_id=last_code(services).id)
    mail_server.recipient_answer = "550 No such mailbox"
    send_code(posting, code_id=last_code(services).id)
    with services.sessions.begin() as session:
        assert is_refused(session, BROWSER)
        signin.ask_code(session, services, "dora@flowers.example", BROWSER)
        assert not is_refused(session, BROWSER)


def test_a_repeated_job_mails_the_same_letter(services, mailbox, dora):
    for _ in range(2):
        send_code(services, code_id=last_code(services).id)
    assert mailbox.mails[0] == mailbox.mails[1]


def test_another_wish_is_another_letter(services, mailbox, dora):
    send_code(services, code_id=last_code(services).id)
    with services.sessions.begin() as session:
        signin.ask_code(session, services, "DORA@flowers.example", BROWSER)
    send_code(services, code_id=last_code(services).id)
    assert len({mail.message_id for mail in mailbox.mails}) == 2


def test_somebody_without_a_workspace_belongs_nowhere(services, database):
    with services.sessions() as session, pytest.raises(NotFound):
        members.membership_in(members.memberships(session, 1), None)


def may_port(role):
    try:
        members.must_be_in_charge(Member(role=role))
    except Forbidden:
        return False
    return True


def test_owners_and_admins_may_port_and_no_other_members():
    assert {role for role in Membership if may_port(role)} == {Membership.OWNER, Membership.ADMIN}
