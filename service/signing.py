"""Signing what leaves us and comes back: links, invitations, the cookies of known browsers."""

from collections.abc import Sequence

from itsdangerous import URLSafeSerializer


def signer(keys: Sequence[str], purpose: str) -> URLSafeSerializer:
    """Sign with the newest of the secret keys, which comes first, and read what any of them signed for one purpose."""
    return URLSafeSerializer([*reversed(keys)], salt=purpose)
