"""The token at the end of an invitation's link: signed, so that it need not be stored."""

from collections.abc import Sequence

from itsdangerous import BadSignature, URLSafeSerializer

from service.accounts.models import Invitation
from service.signing import signer


def token_of(invitation: Invitation, secret_keys: Sequence[str]) -> str:
    """The token in the latest e-mail of an invitation."""
    return _signer(secret_keys).dumps([invitation.id, invitation.nonce])


def read(token: str, secret_keys: Sequence[str]) -> tuple[int, str]:
    """The id and nonce of an invitation; (0, "") for a token that we did not sign."""
    try:
        invitation_id, nonce = _signer(secret_keys).loads(token)
    except BadSignature:
        return 0, ""
    return invitation_id, nonce


def _signer(secret_keys: Sequence[str]) -> URLSafeSerializer:
    return signer(secret_keys, "invitation")
