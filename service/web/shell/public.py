"""Endpoints that need no sign-in. All others do; a test compares the routes with this list."""

from typing import Final

PUBLIC: Final = frozenset(
    {
        "attachments.for_carrier",
        "front.landing",
        "front.language",
        "figures.show",
        "greetings.fetch",
        "health.alive",
        "health.ready",
        "join.show",
        "join.take",
        "sign.copy",
        "sign.give",
        "sign.show",
        "signin.ask",
        "signin.enter",
        "signin.sent",
        "signup.ask",
        "static",
        "where.diary",
        "where.progress",
        "where.show",
        "bootstrap.static",
    }
)
"""Endpoints open to everyone."""
