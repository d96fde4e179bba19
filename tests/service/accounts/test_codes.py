"""Codes: good for one person, for a while, and for a few tries."""

import pytest
from passlib.totp import TOTP

from service.accounts import codes
from service.accounts.models import User

KEY = "k" * 40


@pytest.fixture
def user():
    user = User(email="alice@bakery.example")
    codes.renew(user, KEY)
    return user


@pytest.fixture
def later(monkeypatch):
    """The time that codes are checked by, so many seconds from now."""
    real = TOTP.now

    def jump(seconds):
        monkeypatch.setattr(codes._maker(KEY)._totp, "now", lambda: real() + seconds, raising=False)

    codes._maker.cache_clear()
    yield jump
    codes._maker.cache_clear()


def test_a_code_has_six_digits_and_matches(user):
    code = codes.code_of(user, KEY)
    assert len(code) == 6
    assert code.isdigit()
    assert codes.matches(user, code, KEY)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "０１２３４５", "123456; DROP TABLE users"])
def test_what_is_no_code_does_not_match_and_is_counted(user, code):
    assert not codes.matches(user, code, KEY)
    assert user.code_tries == 1


def test_a_code_is_good_for_ten_minutes(user, later):
    code = codes.code_of(user, KEY)
    later(codes.LIFE - 1)
    assert codes.matches(user, code, KEY)


def test_a_code_of_half_an_hour_ago_is_not(user, later):
    code = codes.code_of(user, KEY)
    later(3 * codes.LIFE)
    assert not codes.matches(user, code, KEY)


def test_a_renewed_secret_makes_the_old_code_void_and_forgives_the_tries(user):
    user.code_tries = codes.TRIES
    before = user.us_totp_secrets
    codes.renew(user, KEY)
    assert user.us_totp_secrets != before
    assert user.code_tries == 0


def test_somebody_who_never_asked_for_a_code_has_none(user):
    user.us_totp_secrets = None
    assert not codes.matches(user, "123456", KEY)


def test_the_secret_is_not_kept_in_clear(user):
    assert '\\"enckey\\"' in user.us_totp_secrets
    assert '\\"key\\"' not in user.us_totp_secrets
