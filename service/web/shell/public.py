"""What may be seen without signing in. Every other page asks for it; a test holds the route list against this one."""

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
        "signup.ask",
        "static",
        "where.diary",
        "where.progress",
        "where.show",
        "bootstrap.static",
    }
)
"""Endpoints open to everybody."""
