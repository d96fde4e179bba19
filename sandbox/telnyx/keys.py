"""The key pair that signs an account's callbacks: derived from its API key, so that a restart keeps it."""

from base64 import b64encode
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def private_key(api_key: str) -> Ed25519PrivateKey:
    """The private key of the account with this API key."""
    return Ed25519PrivateKey.from_private_bytes(sha256(f"callbacks of {api_key}".encode()).digest())


def public_key(api_key: str) -> str:
    """The public key in base64, as the carrier's portal shows it."""
    return b64encode(private_key(api_key).public_key().public_bytes_raw()).decode()
