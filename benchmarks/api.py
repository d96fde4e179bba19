"""Measure reads and sends of the API beside those of the pages, and beside a route that does nothing.

Sixteen connections, each with the key or the cookie of another business, so that no limit of one is reached. Slices of
each kind alternate: other load on the machine meets all alike.
"""

import asyncio
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from statistics import median, quantiles
from typing import Any, Final
from urllib.parse import urlencode

import aiohttp
import psycopg
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from benchmarks.bakery import PEOPLE, shops
from benchmarks.rig import Rig, processor_seconds, standing
from service.accounts import sign_ins
from service.accounts.api_keys import Scope
from service.accounts.models import User
from service.app import create_app
from service.wiring import wire

BUSINESSES: Final = 400
CONNECTIONS: Final = 16
ROUNDS: Final = 7
SECONDS: Final = 2.0
_CSRF: Final = "benchmark"

# the bakery is the first; each has a line with its number, thirty contacts, and as many conversations of twenty texts
_BUSINESSES: Final = f"""{shops(BUSINESSES)}
    INSERT INTO phone_numbers (line_id, number, area, role, standing, carrier, reference, made_at, held_at, texts_since)
        SELECT n, '+1415557' || (1000 + n), '', 'primary', 'held', 'twilio', 'PN' || n, '2026-01-01', '2026-01-01',
            '2026-01-01' FROM generate_series(2, {BUSINESSES}) n;
    INSERT INTO contacts (id, workspace_id, number, name, notes, made_at)
        SELECT w * 100 + c, w, '+1212555' || (1000 + c), 'Customer ' || c, '', '2026-01-01'
        FROM generate_series(1, {BUSINESSES}) w, generate_series(1, 30) c;
    INSERT INTO conversations (id, line_id, contact_id, last_at, heard)
        SELECT id, workspace_id, id, '2026-02-01', 20 FROM contacts;
    INSERT INTO messages (conversation_id, direction, number, text, reference, status, trouble, automatic, at)
        SELECT c.id, 'in', '+14155550188', 'Is order ' || m || ' ready?', 'SM' || c.id || 'x' || m, 'delivered', '',
            false, timestamptz '2026-02-01' - m * interval '1 hour' FROM conversations c, generate_series(1, 20) m;
    SELECT setval(pg_get_serial_sequence(name, 'id'), 1000000)
        FROM unnest(ARRAY['workspaces', 'lines', 'users', 'contacts', 'conversations', 'messages']) name;
"""  # noqa: S608 -- a number of ours
_KEY: Final = """
    INSERT INTO api_keys (member_id, name, digest, ending, scopes, made_at)
        SELECT id, 'Benchmark', %s, 'mark', %s, now() FROM members WHERE user_id = %s
"""


@dataclass(slots=True)
class Kind:
    """One kind of request: how the next one of a business is made, and what its slices took."""

    name: str
    method: str
    request: Callable[[int], tuple[str, dict[str, Any]]]
    rates: list[float] = field(default_factory=list)
    p99s: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)


def main() -> None:
    """Measure and print."""
    os.environ.update(OUTSIDE)
    with standing() as rig:
        kinds = _kinds(*_filled(rig))
        for turn in range(ROUNDS + 1):
            for kind in kinds:
                asyncio.run(_slice(rig, kind, kept=turn > 0))
    nothing = kinds[0]
    print(f"API, {CONNECTIONS} connections, {BUSINESSES} businesses  (load of the machine {os.getloadavg()[0]:.1f})")
    for kind in kinds:
        of = median(mine / idle for mine, idle in zip(kind.rates, nothing.rates, strict=True))
        print(
            f"  {kind.name:34} {median(kind.rates):6.0f}/s  p99 {median(kind.p99s):6.1f} ms  "
            f"{of:5.3f} of nothing  processor {median(kind.processor):5.2f} ms"
        )


OUTSIDE: Final = {"TRUSTED_PROXIES": "1"}
"""The server believes that its requests came over TLS and from many networks, as behind a router."""


def _filled(rig: Rig) -> tuple[Sequence[str], Sequence[str], str]:
    """Fill the database; the keys, the cookies with their name, and the token of forms."""
    keys = [f"pl_{number:043d}" for number in range(1, BUSINESSES + 1)]
    with psycopg.connect(rig.database) as connection, connection.cursor() as cursor:
        cursor.execute((PEOPLE + _BUSINESSES).encode())
        rows = [(sha256(key.encode()).hexdigest(), list(Scope), user) for user, key in enumerate(keys, 1)]
        cursor.executemany(_KEY, [(digest, psycopg.types.json.Jsonb(scopes), user) for digest, scopes, user in rows])
        connection.commit()
        connection.autocommit = True
        cursor.execute("VACUUM ANALYZE")
    os.environ.update(rig.environ)
    services = wire()
    app = create_app(services)
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer
    with services.sessions.begin() as session:
        owners = session.scalars(select(User).order_by(User.id)).all()
        signed_in = [sign_ins.begin(session, owner, "benchmark") | {"csrf_token": _CSRF} for owner in owners]
    token = URLSafeTimedSerializer(app.secret_key or "", salt="wtf-csrf-token").dumps(_CSRF)
    name = app.config["SESSION_COOKIE_NAME"]
    return keys, [f"{name}={serializer.dumps(one)}" for one in signed_in], str(token)


def _kinds(keys: Sequence[str], cookies: Sequence[str], token: str) -> list[Kind]:
    number = count()

    def key(business: int) -> dict[str, Any]:
        return {"Authorization": f"Bearer {keys[business]}"}

    def cookie(business: int) -> dict[str, Any]:
        return {"Cookie": cookies[business], "Origin": "https://bench.invalid"}

    def sent(business: int) -> tuple[str, dict[str, Any]]:
        text = {"to": f"+1212555{1000 + 1 + next(number) % 30}", "text": f"Order {next(number)} is ready"}
        return "/api/v1/messages", {"headers": key(business) | {"Idempotency-Key": str(next(number))}, "json": text}

    def answered(business: int) -> tuple[str, dict[str, Any]]:
        form = {"text": f"Order {next(number)} is ready", "seen": 10**9, "csrf_token": token}
        headers = cookie(business) | {"Content-Type": "application/x-www-form-urlencoded"}
        return f"/inbox/{(business + 1) * 100 + 1 + next(number) % 30}", {"headers": headers, "data": urlencode(form)}

    def read(path: str, who: Callable[[int], Mapping[str, Any]]) -> Callable[[int], tuple[str, dict[str, Any]]]:
        return lambda business: (path.format(one=(business + 1) * 100 + 1), {"headers": who(business)})

    return [
        Kind("a route that does nothing", "POST", lambda _: ("/nothing", {})),
        Kind("API: the workspace", "GET", read("/api/v1/workspace", key)),
        Kind("API: 30 conversations", "GET", read("/api/v1/conversations", key)),
        Kind("page: the inbox, 30 conversations", "GET", read("/inbox/", cookie)),
        Kind("API: 20 texts of a conversation", "GET", read("/api/v1/conversations/{one}/messages", key)),
        Kind("page: a conversation of 20 texts", "GET", read("/inbox/{one}", cookie)),
        Kind("API: a text is sent", "POST", sent),
        Kind("page: an answer is sent", "POST", answered),
    ]


async def _slice(rig: Rig, kind: Kind, *, kept: bool) -> None:
    """Send requests of a kind as fast as they are answered."""
    took: list[float] = []
    business = count()
    pids = (rig.server, rig.postgres)
    before = sum(map(processor_seconds, pids))
    began = time.perf_counter()
    async with aiohttp.ClientSession(rig.url, cookie_jar=aiohttp.DummyCookieJar()) as client:

        async def send_all() -> None:
            while time.perf_counter() - began < SECONDS:
                await _send(client, kind, next(business) % BUSINESSES, took)

        await asyncio.gather(*(send_all() for _ in range(CONNECTIONS)))
    lasted = time.perf_counter() - began
    if kept:
        kind.rates.append(len(took) / lasted)
        kind.p99s.append(quantiles(took, n=100)[98] * 1000)
        kind.processor.append((sum(map(processor_seconds, pids)) - before) / len(took) * 1000)


async def _send(client: aiohttp.ClientSession, kind: Kind, business: int, took: list[float]) -> None:
    path, options = kind.request(business)
    network = {"X-Forwarded-For": f"10.{business % 250}.{business // 250}.1", "X-Forwarded-Proto": "https"}
    options["headers"] = {**options.get("headers", {}), **network}
    begun = time.perf_counter()
    async with client.request(kind.method, path, allow_redirects=False, **options) as answer:
        body = await answer.read()
    took.append(time.perf_counter() - begun)
    assert answer.status in {200, 202, 204, 302}, f"{path}: {answer.status} {body[:300]!r}"
    assert "/sign-in" not in answer.headers.get("Location", ""), path


if __name__ == "__main__":
    main()
