"""Signing in with a second step: passkeys, an authenticator app, recovery codes, and who demands one."""

import json
import re
from datetime import timedelta

import pytest
from passlib.totp import TOTP
from sqlalchemy import select, update

from service.accounts.authenticator_apps import SLOW
from service.accounts.models import AuthenticatorApp, Member, Passkey, RecoveryCode, SignIn, User, Workspace
from service.accounts.recovery_codes import HOW_MANY
from service.accounts.sign_ins import FRESH
from service.time import real_time
from tests.security_key import SecurityKey
from tests.service.web.conftest import Reader

ALICE = "alice@alice.example"


def options(page):
    return json.loads(page.select_one("[data-passkey]")["data-options"])


def digits_of(services, *, later=0):
    """What Alice's phone shows, in so many half minutes."""
    with services.sessions() as session:
        secret = session.scalars(select(AuthenticatorApp.secret)).one()
    return TOTP(secret).generate(real_time() + later * timedelta(seconds=30)).token


def set_up_app(reader, services):
    reader.get("sign_in_methods.show")
    reader.submit(button="Set up an app")
    page = reader.submit(digits=digits_of(services))
    return [code.text for code in page.select("main li code")]


def set_up_key(reader, key, name="My phone"):
    page = reader.get("sign_in_methods.passkey")
    return reader.submit(credential=key.create(options(page)), name=name)


@pytest.fixture
def alice(alice):
    """Alice, signed in."""
    alice.get("home.show")
    return alice


@pytest.fixture
def codes(alice, services):
    """The recovery codes of Alice, who has set up an app."""
    return set_up_app(alice, services)


@pytest.fixture
def key(alice):
    """Alice's passkey."""
    key = SecurityKey()
    set_up_key(alice, key)
    return key


@pytest.fixture
def elsewhere(app, mailbox, work):
    """A browser in which Alice's code from the mail has been entered."""

    def enter(address=ALICE):
        reader = Reader(app)
        reader.get("signin.ask")
        reader.submit(email=address)
        work()
        mails = "".join(mail.text for mail in mailbox.to(address))
        reader.submit(code=re.findall(r"^\d{6}$", mails, re.MULTILINE)[-1])
        return reader

    return enter


@pytest.fixture
def demand(alice, codes):
    """Have everybody in Alice's workspace asked for a second step."""

    def demand():
        alice.get("team.show")
        alice.submit(demanded="true")

    return demand


def test_a_newcomer_is_offered_a_second_step_and_is_not_forced(alice):
    assert alice.get("home.welcome").select_one("a[href='/sign-in-methods/']")


def test_an_app_is_set_up_by_a_picture_or_by_its_key(alice, services):
    alice.get("sign_in_methods.show")
    page = alice.submit(button="Set up an app")
    assert page.select_one("main img")["src"].startswith("data:image/svg+xml")
    with services.sessions() as session:
        assert page.select_one("main code").text == session.scalars(select(AuthenticatorApp.secret)).one()
    assert alice.submit(digits="000000", status=422).wrong()["digits"].startswith("That code doesn’t match")
    assert alice.submit(digits=digits_of(services)).heading() == "Your recovery codes"
    assert alice.get("sign_in_methods.app").heading() == "How you sign in", "and its key is not shown again"


def test_after_the_code_from_the_mail_the_app_is_asked_for(codes, elsewhere, services):
    reader = elsewhere()
    assert reader.page.heading() == "Second step"
    assert reader.submit(digits=digits_of(services, later=1)).heading() == "Alice's Bakery"


def test_who_has_only_the_mail_sees_nothing(codes, elsewhere):
    reader = elsewhere()
    assert reader.get("home.show").heading() == "Sign in"
    assert reader.get("sign_in_methods.show").heading() == "Sign in"


def test_a_code_from_the_mail_is_not_waited_upon_for_longer_than_ten_minutes(codes, elsewhere, services):
    reader = elsewhere()
    with reader.client.session_transaction() as cookie:
        cookie["second_step_of"][1] -= 601
        cookie.modified = True
    assert reader.submit(digits=digits_of(services, later=1)).heading() == "Sign in"


def test_digits_are_taken_once(codes, elsewhere, services):
    digits = digits_of(services, later=1)
    elsewhere().submit(digits=digits)
    assert elsewhere().submit(digits=digits, status=422).wrong()["digits"].startswith("That code doesn’t match")


def test_digits_of_three_half_minutes_are_right_and_no_others(codes, elsewhere, services):
    with services.sessions.begin() as session:
        session.execute(update(AuthenticatorApp).values(last_step=0))
    reader = elsewhere()
    assert SLOW == 30, "docs/security.md tells the chance of a guess"
    for later in (-3, 3):
        reader.submit(digits=digits_of(services, later=later), status=422)
    reader.submit(digits=digits_of(services))
    assert reader.page.heading() == "Alice's Bakery"


def test_after_ten_wrong_digits_not_even_the_right_ones_help_for_an_hour_wherever_they_come_from(
    codes, elsewhere, services
):
    reader = elsewhere()
    for place in range(10):
        reader.client.environ_base["REMOTE_ADDR"] = f"203.0.{place}.9"
        reader.submit(digits=digits_of(services, later=9), status=422)
    assert reader.submit(digits=digits_of(services, later=1), status=429).heading() == "Too many tries"


def test_right_digits_do_not_count_as_tries(alice, codes, services):
    alice.get("second_step.ask")
    for code in [*codes[:9], digits_of(services, later=1)]:
        alice.get("second_step.ask")
        alice.submit(digits=code)
    assert alice.page.heading() == "Alice's Bakery"


def test_the_secret_is_sealed_and_recovery_codes_are_kept_as_digests(codes, services):
    with services.sessions() as session:
        secret = session.scalars(select(AuthenticatorApp.secret)).one()
        rows = session.connection().exec_driver_sql("SELECT secret FROM authenticator_apps").all()
        assert secret.encode() not in rows[0][0]
        digests = session.scalars(select(RecoveryCode.digest)).all()
    assert len(codes) == len(digests) == HOW_MANY
    assert not set(digests) & {code.replace("-", "") for code in codes}


def test_a_lost_phone_is_replaced_by_a_recovery_code_which_works_once(codes, elsewhere):
    reader = elsewhere()
    assert reader.submit(digits=codes[0].upper().replace("-", " ")).heading() == "Alice's Bakery"
    assert reader.get("sign_in_methods.show").says("You have 9 codes left")
    elsewhere().submit(digits=codes[0], status=422)


def test_new_recovery_codes_end_the_old_ones(alice, codes, elsewhere):
    alice.get("sign_in_methods.show")
    fresh = alice.submit(button="Create new codes").select("main li code")
    elsewhere().submit(digits=codes[0], status=422)
    assert elsewhere().submit(digits=fresh[0].text).heading() == "Alice's Bakery"


def test_a_passkey_is_a_second_step(key, elsewhere):
    reader = elsewhere()
    assert reader.submit(credential=key.get(options(reader.page))).heading() == "Alice's Bakery"


def test_a_passkey_that_checks_its_person_is_the_whole_sign_in(key, reader):
    page = reader.get("signin.ask")
    assert reader.submit(credential=key.get(options(page))).heading() == "Alice's Bakery"


def test_a_key_that_checks_nobody_is_not_the_whole_sign_in(alice, reader, elsewhere):
    key = SecurityKey(pin=False)
    set_up_key(alice, key)
    page = reader.get("signin.ask")
    assert reader.submit(credential=key.get(options(page)), status=422).says("That passkey didn’t work.")
    waiting = elsewhere()
    assert waiting.submit(credential=key.get(options(waiting.page))).heading() == "Alice's Bakery"


def test_an_answer_of_a_passkey_is_taken_once(key, elsewhere):
    first, second = elsewhere(), elsewhere()
    with first.client.session_transaction() as cookie:
        challenge = cookie["challenge"]
    answer = key.get(options(first.page))
    first.submit(credential=answer)
    with second.client.session_transaction() as cookie:
        cookie["challenge"] = challenge
    key.uses = 0
    second.submit(credential=answer, status=422)


@pytest.mark.parametrize("change", [{"origin": "http://localhost.example:8000"}, {"secret": SecurityKey().secret}])
def test_an_answer_given_to_another_site_or_by_another_key_is_refused(key, elsewhere, change):
    vars(key).update(change)
    reader = elsewhere()
    reader.submit(credential=key.get(options(reader.page)), status=422)
    assert reader.get("home.show").heading() == "Sign in"


def test_a_copied_passkey_shows_by_its_count(key, elsewhere, services):
    with services.sessions.begin() as session:
        session.execute(update(Passkey).values(sign_count=7))
    reader = elsewhere()
    reader.submit(credential=key.get(options(reader.page)), status=422)


def test_a_passkey_signs_nobody_else_in(key, app, known, elsewhere):
    charlie = Reader(app, known("charlie"))
    other = SecurityKey()
    set_up_key(charlie, other)
    reader = elsewhere()
    asked = options(reader.page)
    assert len(asked["allowCredentials"]) == 1
    reader.submit(credential=other.get(asked), status=422)


@pytest.mark.parametrize("nonsense", ["", "{}", "[]", "7", '{"id": 7}', "[" * 3000, '{"id": "AAAA", "response": 1}'])
def test_nonsense_is_refused_and_nothing_is_kept(alice, key, reader, nonsense, services):
    reader.get("signin.ask")
    reader.submit(credential=nonsense, status=422)
    alice.get("sign_in_methods.passkey")
    alice.submit(credential=nonsense, name="Mine", status=422)
    with services.sessions() as session:
        assert session.query(Passkey).count() == 1


def test_a_passkey_is_registered_once(alice, key):
    page = alice.get("sign_in_methods.passkey")
    assert len(options(page)["excludeCredentials"]) == 1
    alice.submit(credential=key.create(options(page)), name="Again", status=422)


def test_a_passkey_is_renamed_and_removed(alice, key, elsewhere):
    alice.get("sign_in_methods.show")
    assert alice.submit(name="Old phone").says("Old phone")
    assert not alice.submit(button="Remove Old phone").says("Old phone")
    assert elsewhere().page.heading() == "Alice's Bakery", "without a second step, and recovery codes are gone too"


def test_nobody_removes_or_renames_anothers_passkey(alice, key, charlie):
    charlie.get("sign_in_methods.show")
    token = charlie.page.select_one("main [name=csrf_token]")["value"]
    for endpoint in ("sign_in_methods.remove_passkey", "sign_in_methods.rename_passkey"):
        address = charlie.address(endpoint, passkey_id=1)
        assert charlie.client.post(address, data={"csrf_token": token, "name": "Mine"}).status_code == 404
    assert alice.get("sign_in_methods.show").says("My phone")


def long_ago(services):
    with services.sessions.begin() as session:
        session.execute(update(SignIn).values(proven_at=real_time() - FRESH))


def test_what_concerns_the_team_is_confirmed_by_the_second_step(alice, key, services):
    long_ago(services)
    page = alice.get("invitations.ask")
    assert page.heading() == "Second step"
    assert alice.submit(credential=key.get(options(page))).heading() == "Invite"


def test_a_borrowed_browser_adds_no_passkey_even_with_the_mail_open_in_it(alice, codes, services):
    long_ago(services)
    assert alice.get("sign_in_methods.passkey").heading() == "Second step"
    assert alice.get("signin.confirm").heading() == "Second step"


def test_where_the_owner_demands_it_members_are_led_to_set_one_up(bob, demand, services):
    demand()
    page = bob.get("inbox.show")
    assert page.heading() == "How you sign in"
    assert page.says("This workspace asks everyone for a second step at sign-in")
    bob.submit(button="Set up an app")
    with services.sessions() as session:
        secret = session.scalars(select(AuthenticatorApp.secret).order_by(AuthenticatorApp.id.desc())).first()
    page = bob.submit(digits=TOTP(secret).generate(real_time()).token)
    assert bob.open(page.select_one("main a.btn")["href"]).heading() == "Inbox"


def test_where_it_is_demanded_a_sign_in_from_before_is_asked_for_it(alice, demand, services):
    demand()
    with services.sessions.begin() as session:
        session.execute(update(SignIn).values(second_step=False))
    assert alice.get("inbox.show").heading() == "Second step"
    assert alice.submit(digits=digits_of(services, later=1)).heading() == "Inbox"


def test_where_it_is_demanded_the_last_way_stays(alice, demand, elsewhere):
    demand()
    alice.get("sign_in_methods.show")
    assert alice.submit(button="Remove the app", status=409).says("Add another one before you remove this one.")
    assert elsewhere().page.heading() == "Second step"


def test_the_owner_cannot_shut_themselves_out(alice):
    alice.get("team.show")
    page = alice.submit(demanded="true", status=409)
    assert page.says("Set up a second step for yourself first.")


@pytest.mark.parametrize("role", ["admin", "member"])
def test_only_the_owner_demands_it(bob, role, services):
    bob.get("home.show")
    with services.sessions.begin() as session:
        bobs = session.scalars(select(User.id).where(User.name == "Bob")).one()
        session.execute(update(Member).where(Member.user_id == bobs).values(role=role))
    token = bob.get("team.show").select_one("main [name=csrf_token]")["value"]
    sent = {"csrf_token": token, "demanded": "true"}
    assert bob.client.post(bob.address("team.demand"), data=sent).status_code == 403
    with services.sessions() as session:
        assert not session.scalars(select(Workspace.second_step)).one()


def lost_by_bob(bob, services):
    set_up_key(bob, SecurityKey())
    with services.sessions() as session:
        return session.scalars(select(Member.id).join(Member.user).where(User.name == "Bob")).one()


def test_the_owner_lets_a_member_who_lost_it_start_anew(alice, bob, services):
    bobs = lost_by_bob(bob, services)
    alice.get("team.settings", member_id=bobs)
    alice.submit(button="Remove their second step")
    assert bob.get("home.show").heading() == "Sign in"
    with services.sessions() as session:
        assert session.query(Passkey).count() == session.query(RecoveryCode).count() == 0
    assert alice.get("changes.listing").says("Removed the second step of Bob")


def test_an_owner_does_not_weaken_a_person_of_other_workspaces(alice, bob, services):
    bobs = lost_by_bob(bob, services)
    with services.sessions.begin() as session:
        user_id = session.get_one(Member, bobs).user_id
        session.add(Member(user_id=user_id, workspace=Workspace(name="Another"), role="member"))
    alice.get("team.settings", member_id=bobs)
    alice.submit(button="Remove their second step", status=409)
    with services.sessions() as session:
        assert session.query(Passkey).count() == 1


def test_the_operator_lets_an_owner_who_lost_it_start_anew(app, alice, key, elsewhere, told):
    run = app.test_cli_runner().invoke
    assert run(args=["forget-second-step", ALICE]).exit_code == 0
    assert alice.get("home.show").heading() == "Sign in"
    assert told()[0].startswith("The second step was taken from your account")
    assert elsewhere().page.heading() == "Alice's Bakery"
    assert "No one has this email address." in run(args=["forget-second-step", "nobody@nowhere.example"]).output


def test_the_porting_desk_opens_to_a_second_step_only(operator, services):
    operator.get("desk.show")
    with services.sessions.begin() as session:
        session.execute(update(SignIn).values(second_step=False))
    assert operator.get("desk.show").heading() == "How you sign in"
    assert operator.get("worklist.listing").heading() == "How you sign in"
    set_up_key(operator, SecurityKey())
    assert operator.get("desk.show").heading() == "Transfer desk"
    operator.get("sign_in_methods.show")
    operator.submit(button="Remove My phone", status=409)


@pytest.fixture
def told(mailbox, work):
    """What Alice was mailed about how she signs in, the last first."""

    def told():
        work()
        mails = [mail.text for mail in mailbox.to(ALICE) if mail.subject == "How you sign in has changed"]
        return [text.split("\n")[0] for text in reversed(mails)]

    return told


def test_who_adds_and_removes_an_app_is_mailed_about_each(alice, services, told):
    set_up_app(alice, services)
    assert told() == ["An authenticator app was added to your account."]
    alice.get("sign_in_methods.show")
    alice.submit(button="Create new codes")
    assert told()[0].startswith("New recovery codes were made")
    alice.get("sign_in_methods.show")
    page = alice.page.select_one("form[action='/sign-in-methods/app/remove'] [name=csrf_token]")
    alice.client.post("/sign-in-methods/app/remove", data={"csrf_token": page["value"]})
    assert told()[0] == "The authenticator app was removed from your account."


def test_a_passkey_that_is_added_is_mailed_about_and_one_that_is_removed(alice, key, services, told):
    assert told() == ["A passkey was added with which your account can be signed in to."]
    with services.sessions() as session:
        passkey_id = session.scalars(select(Passkey.id)).one()
    token = alice.get("sign_in_methods.show").select_one("main [name=csrf_token]")["value"]
    alice.client.post(
        alice.address("sign_in_methods.remove_passkey", passkey_id=passkey_id), data={"csrf_token": token}
    )
    assert told()[0] == "A passkey was removed from your account."


def test_a_recovery_code_that_is_used_is_mailed_about_and_a_wrong_one_is_not(codes, elsewhere, told):
    reader = elsewhere()
    reader.submit(digits="abcd-abcd-abcd-abcd", status=422)
    assert len(told()) == 1
    reader.submit(digits=codes[0])
    assert told()[0] == "Someone signed in to your account with one of your recovery codes."
