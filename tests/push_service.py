"""A push service of browsers (RFC 8030) with one subscribed browser: checks who sends, and decrypts."""

import json
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from secrets import token_bytes

import http_ece
import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid.utils import b64urldecode, b64urlencode

from service.team_notices.devices import Subscription
from service.vapid import public_key

VAPID_KEY = "YSBrZXkgb2YgdGVzdHMsIDMyIGJ5dGVzIG9mIGl0Li4"


@dataclass
class PushService:
    """Takes notices for one browser, if they are signed by the key that it allowed. Answers as a test wants."""

    answer: int = 201
    elsewhere: str = ""
    vapid_key: str = VAPID_KEY
    url: str = ""
    asked: int = 0
    notices: list = field(default_factory=list)
    headers: list = field(default_factory=list)
    wrong: list = field(default_factory=list)

    def __post_init__(self):
        self._key, self._auth = ec.generate_private_key(ec.SECP256R1()), token_bytes(16)

    def subscription(self, **changes):
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"endpoint": self.url, "p256dh": b64urlencode(point), "auth": b64urlencode(self._auth)}
        return Subscription(**keys | changes)

    def take(self, headers, body):
        """Keep a notice; returns the status of the answer."""
        self.asked += 1
        try:
            self._check(headers)
            words = http_ece.decrypt(body, private_key=self._key, auth_secret=self._auth, version="aes128gcm")
        except (AssertionError, jwt.PyJWTError, http_ece.ECEException) as error:
            self.wrong.append(error)
            return 403
        self.headers.append(headers)
        self.notices.append(json.loads(words))
        return self.answer

    def _check(self, headers):
        scheme, _, parts = headers["Authorization"].partition(" ")
        named = dict(part.strip().split("=", 1) for part in parts.split(","))
        assert (scheme, named["k"]) == ("vapid", public_key(self.vapid_key))
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b64urldecode(named["k"].encode()))
        origin = self.url.rpartition("/")[0]
        claims = jwt.decode(named["t"], key, ["ES256"], audience=origin, options={"require": ["exp", "sub"]})
        assert claims["sub"].startswith("mailto:")
        assert headers["Content-Encoding"] == "aes128gcm"


def answering(push_service):
    """The handler of an HTTP server for it."""

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(push_service.take(self.headers, body))
            if push_service.elsewhere:
                self.send_header("Location", push_service.elsewhere)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            """Log nothing."""

    return Answering
