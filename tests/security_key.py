"""A security key in software: it answers what a page asks of a browser, as https://www.w3.org/TR/webauthn-3/ says."""

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_bytes

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, WITH_KEY = 1, 4, 64
ORIGIN = "http://localhost:8000"


@dataclass
class SecurityKey:
    """One key for one person. With a PIN it also checks who touches it."""

    origin: str = ORIGIN
    pin: bool = True
    uses: int = 0
    credential: bytes = field(default_factory=lambda: token_bytes(16))
    secret: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def create(self, options):
        """What the browser sends when a page asks for a new passkey."""
        attested = bytes(16) + len(self.credential).to_bytes(2) + self.credential + self._public_key()
        attestation = {"fmt": "none", "attStmt": {}, "authData": self._data(options["rp"]["id"], attested)}
        return self._answer("webauthn.create", options, {"attestationObject": _text(cbor2.dumps(attestation))})

    def get(self, options):
        """What the browser sends when a page asks for a passkey that is there."""
        self.uses += 1
        data = self._data(options["rpId"])
        client = self._client("webauthn.get", options)
        signature = self.secret.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer("webauthn.get", options, {"authenticatorData": _text(data), "signature": _text(signature)})

    def _answer(self, kind, options, response):
        client = _text(self._client(kind, options))
        answer = {"id": _text(self.credential), "rawId": _text(self.credential), "type": "public-key"}
        return json.dumps({**answer, "response": {"clientDataJSON": client, **response}})

    def _client(self, kind, options):
        return json.dumps({"type": kind, "challenge": options["challenge"], "origin": self.origin}).encode()

    def _data(self, domain, attested=b""):
        flags = PRESENT | (VERIFIED if self.pin else 0) | (WITH_KEY if attested else 0)
        return sha256(domain.encode()).digest() + bytes([flags]) + self.uses.to_bytes(4) + attested

    def _public_key(self):
        point = self.secret.public_key().public_numbers()
        # COSE: kind EC2, algorithm ES256, curve P-256 (https://www.rfc-editor.org/rfc/rfc9053)
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)})


def _text(octets):
    return urlsafe_b64encode(octets).rstrip(b"=").decode()
