"""A challenge while many sign up: browsers compute for a second or two, which makes a flood of sign-ups expensive.

A proof of work after https://altcha.org/docs/v2/ in which no third party takes part and people solve no puzzle. The
browser looks for the counter from which PBKDF2 makes a key that begins as the challenge says.
"""

import json
from base64 import b64decode
from collections.abc import Sequence
from datetime import datetime, timedelta
from secrets import randbelow
from typing import Final

from altcha import create_challenge, verify_solution
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.models import Workspace
from service.config import Settings
from service.signing_up import SignUpChallenge
from service.time import now

LOUD: Final = 10
"""So many sign-ups of new businesses within an hour are many."""

LIFE: Final = timedelta(minutes=30)
"""For so long a solution is taken; then the page asks for another one."""

_ALGORITHM: Final = "PBKDF2/SHA-256"
_ITERATIONS: Final = 5000
_FEWEST: Final = 100
_MORE: Final = 300
"""A browser makes `_FEWEST` keys and up to so many more, which takes it a second or two."""


def is_wanted(session: Session, settings: Settings) -> bool:
    """Whether who signs up now has to solve a challenge."""
    if settings.sign_up_challenge is not SignUpChallenge.LOUD:
        return settings.sign_up_challenge is SignUpChallenge.ALWAYS
    newest = select(Workspace.made_at).order_by(Workspace.id.desc()).offset(LOUD - 1).limit(1)
    earlier = session.scalar(newest)
    return earlier is not None and earlier > now() - timedelta(hours=1)


def new_challenge(keys: Sequence[str], until: datetime) -> str:
    """A challenge as JSON, signed with the newest of the secret keys; good until a moment of real time."""
    made = create_challenge(
        _ALGORITHM,
        _ITERATIONS,
        counter=_FEWEST + randbelow(_MORE),
        expires_at=until,
        hmac_secret=_secret(keys[0]),
        hmac_key_secret=_secret_of_solution(keys[0]),
    )
    return json.dumps(made.to_dict())


def mark_of(keys: Sequence[str], solution: str) -> str:
    """The mark of a solved challenge, by which it is known when it comes again; "" if the solution is wrong or late."""
    if not any(_is_solved(solution, key) for key in keys):
        return ""
    return str(json.loads(b64decode(solution))["challenge"]["signature"])


def _is_solved(solution: str, key: str) -> bool:
    """By two signatures, so that a check computes nothing of what the browser did."""
    return verify_solution(solution, _secret(key), hmac_key_secret=_secret_of_solution(key)).verified


def _secret(key: str) -> str:
    return f"sign-up challenge {key}"


def _secret_of_solution(key: str) -> str:
    return f"solved sign-up challenge {key}"
