"""Passkeys and security keys (WebAuthn): what the browser is asked for, and whether its answer is right."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from secrets import token_bytes
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from service.accounts.models import Passkey, User
from service.accounts.sign_in_change_mail import SignInChange, notify_of_change
from service.brands import Brand
from service.errors import Conflict, Invalid
from service.time import real_time

MOST: Final = 10
"""Passkeys that a person may have."""

LIFE: Final = timedelta(minutes=10)
"""For so long an answer to a challenge is taken."""

WRONG: Final = "That passkey didn’t work. Try again, or sign in another way."

_MICROSECONDS: Final = 1_000_000
_MOMENT: Final = 8
"""Bytes at the beginning of a challenge that say when it was made."""

# what a stranger sends can break the parsers in all these ways
_MALFORMED: Final = (WebAuthnException, ValueError, TypeError, LookupError, AttributeError, RecursionError)


def challenge() -> bytes:
    """A new challenge: when it was made, and 32 bytes that nobody can guess."""
    moment = int(real_time().timestamp() * _MICROSECONDS)
    return moment.to_bytes(_MOMENT) + token_bytes(32)


def to_register(session: Session, brand: Brand, user: User, challenge: bytes) -> str:
    """What a browser is asked so that it makes a passkey, as JSON; not one where the person has one already."""
    return options_to_json(
        generate_registration_options(
            rp_id=brand.domain,
            rp_name=brand.name,
            user_id=user.fs_uniquifier.encode(),
            user_name=user.email,
            challenge=challenge,
            authenticator_selection=AuthenticatorSelectionCriteria(resident_key=ResidentKeyRequirement.PREFERRED),
            exclude_credentials=_descriptors(passkeys_of(session, user.id)),
        )
    )


def to_sign_in(session: Session, brand: Brand, user: User | None, challenge: bytes) -> str:
    """What a browser is asked so that a passkey answers, as JSON: one of the person's, or of anybody's.

    As the whole sign-in, a passkey must have checked its person, by a finger, a face or a PIN.
    """
    must = UserVerificationRequirement.PREFERRED if user else UserVerificationRequirement.REQUIRED
    return options_to_json(
        generate_authentication_options(
            rp_id=brand.domain,
            challenge=challenge,
            allow_credentials=_descriptors(passkeys_of(session, user.id)) if user else [],
            user_verification=must,
        )
    )


def register(session: Session, brand: Brand, user: User, challenge: bytes, answer: str, name: str) -> None:
    """Keep the passkey that a browser has made. Raises `Conflict` for too many, and `Invalid` for a wrong answer."""
    if len(passkeys_of(session, user.id)) >= MOST:
        raise Conflict("You’ve reached the limit for passkeys. Remove one you no longer use.")
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=brand.domain,
            expected_origin=brand.base_url,
        )
    except _MALFORMED:
        raise Invalid({"": [WRONG]}) from None
    if not _is_new(challenge, real_time() - LIFE) or _with_credential(session, made.credential_id):
        raise Invalid({"": [WRONG]})
    now = real_time()
    keys = {"credential": made.credential_id, "public_key": made.credential_public_key, "sign_count": made.sign_count}
    session.add(Passkey(user_id=user.id, name=name, made_at=now, used_at=now, **keys))
    notify_of_change(session, user.id, SignInChange.PASSKEY_ADDED)


def who_answers(session: Session, brand: Brand, challenge: bytes, answer: str, user: User | None = None) -> User | None:
    """The person whose passkey gave this answer; None if it is wrong or, where one was asked for, another person's."""
    try:
        passkey = _with_credential(session, base64url_to_bytes(json.loads(answer)["id"]))
    except _MALFORMED:
        return None
    if passkey is None or (user and passkey.user_id != user.id):
        return None
    if not _is_new(challenge, max(passkey.used_at, real_time() - LIFE)):
        return None
    count = _count_of(passkey, brand, challenge, answer, verified=user is None)
    if count is None:
        return None
    passkey.sign_count, passkey.used_at = count, real_time()
    return passkey.user


def passkeys_of(session: Session, user_id: int) -> list[Passkey]:
    """A person's passkeys, the oldest first."""
    return list(session.scalars(select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.id)))


def _count_of(passkey: Passkey, brand: Brand, challenge: bytes, answer: str, *, verified: bool) -> int | None:
    """How often the passkey says it was used; None if the answer is not its own, or its person was not checked."""
    try:
        return verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=brand.domain,
            expected_origin=brand.base_url,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=verified,
        ).new_sign_count
    except _MALFORMED:
        return None


def _is_new(challenge: bytes, after: datetime) -> bool:
    moment = int.from_bytes(challenge[:_MOMENT]) / _MICROSECONDS
    return datetime.fromtimestamp(moment, UTC) > after


def _with_credential(session: Session, credential: bytes) -> Passkey | None:
    """Locked, so that of two answers to the same challenge one comes too late."""
    return session.scalar(select(Passkey).where(Passkey.credential == credential).with_for_update())


def _descriptors(passkeys: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=passkey.credential) for passkey in passkeys]
