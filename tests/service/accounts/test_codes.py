"""Codes: good for one browser, for a while, and for a few tries."""

import pytest
from passlib.totp import TOTP

from service.accounts import codes
from service.accounts.codes import TRIES, digits_of, enter_code, forget_codes, new_code
from service.accounts.models import SignInCode, User

KEY = ("k" * 40,)
HERE, ELSEWHERE = "Alice's browser", "a stranger's browser"


@pytest.fixture
def session(services):
    with services.sessions.begin() as session:
        yield session


@pytest.fixture
def user(session):
    user = User(email="alice@bakery.example", fs_uniquifier="alice")
    session.add(user)
    session.flush()
    return user


@pytest.fixture
def code(session, user):
    return new_code(session, user.id, HERE, KEY)


@pytest.fixture
def later(monkeypatch):
    """The time that codes are checked by, so many seconds from now."""
    real = TOTP.now

    def jump(seconds):
        monkeypatch.setattr(codes._maker(KEY)._totp, "now", lambda: real() + seconds, raising=False)

    codes._maker.cache_clear()
    yield jump
    codes._maker.cache_clear()


def wrong(code):
    return f"{(int(digits_of(code, KEY)) + 1) % 1_000_000:06}"


def test_a_code_has_six_digits_and_lets_in_its_person(session, user, code):
    digits = digits_of(code, KEY)
    assert len(digits) == 6
    assert digits.isdigit()
    assert enter_code(session, HERE, digits, KEY) is user


def test_a_code_works_once(session, code):
    digits = digits_of(code, KEY)
    assert enter_code(session, HERE, digits, KEY)
    assert enter_code(session, HERE, digits, KEY) is None


def test_a_code_works_only_in_the_browser_that_asked_for_it(session, code):
    assert enter_code(session, ELSEWHERE, digits_of(code, KEY), KEY) is None


def test_a_stranger_who_asks_and_guesses_takes_nothing_from_the_person(session, user, code):
    theirs = new_code(session, user.id, ELSEWHERE, KEY)
    for _ in range(TRIES):
        assert enter_code(session, ELSEWHERE, wrong(theirs), KEY) is None
    assert enter_code(session, ELSEWHERE, digits_of(theirs, KEY), KEY) is None
    assert enter_code(session, HERE, digits_of(code, KEY), KEY) is user


def test_an_earlier_code_stays_good_after_another_was_asked_for(session, user, code):
    new_code(session, user.id, HERE, KEY)
    assert enter_code(session, HERE, digits_of(code, KEY), KEY) is user


def test_the_code_of_an_address_that_nobody_has_lets_nobody_in(session):
    assert enter_code(session, HERE, digits_of(new_code(session, None, HERE, KEY), KEY), KEY) is None


@pytest.mark.parametrize("digits", ["", "12345", "1234567", "abcdef", "０１２３４５", "123456; DROP TABLE users"])
def test_what_is_no_code_does_not_match_and_is_counted(session, code, digits):
    assert enter_code(session, HERE, digits, KEY) is None
    assert code.tries == 1


def test_a_code_is_good_for_ten_minutes(session, user, code, later):
    digits = digits_of(code, KEY)
    later(codes.LIFE - 1)
    assert enter_code(session, HERE, digits, KEY) is user


def test_a_code_of_half_an_hour_ago_is_not(session, code, later):
    digits = digits_of(code, KEY)
    later(3 * codes.LIFE)
    assert enter_code(session, HERE, digits, KEY) is None


def test_a_code_outlives_a_change_of_the_secret_key(session, user, code):
    newer = ("n" * 40, *KEY)
    digits = digits_of(code, KEY)
    assert digits_of(code, newer) == digits
    theirs = new_code(session, user.id, ELSEWHERE, newer)
    assert enter_code(session, HERE, digits, newer) is user
    assert enter_code(session, ELSEWHERE, digits_of(theirs, newer[:1]), newer[:1]) is user


def test_codes_that_are_too_old_are_forgotten(session, code):
    forget_codes(session)
    assert session.get(SignInCode, code.id)
    code.asked_at -= 2 * codes._KEPT
    session.flush()
    forget_codes(session)
    session.expunge_all()
    assert session.get(SignInCode, code.id) is None


def test_the_secret_is_not_kept_in_clear(code):
    assert '\\"enckey\\"' in code.secret
    assert '\\"key\\"' not in code.secret
