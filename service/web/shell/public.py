"""Endpoints that need no sign-in. All others do; a test compares the routes with this list."""

from typing import Final

PUBLIC: Final = frozenset(
    {
        "api_reference.about",
        "api_reference.show",
        "assets.serve",
        "attachments.for_carrier",
        "business_page.privacy",
        "business_page.show",
        "business_page.sign_up",
        "business_page.terms",
        "details.give",
        "details.show",
        "figures.show",
        "front.landing",
        "front.language",
        "greetings.fetch",
        "health.alive",
        "health.ready",
        "help_page.show",
        "installing.manifest",
        "installing.offline",
        "installing.worker",
        "join.show",
        "join.take",
        "prices.show",
        "legal.privacy",
        "legal.terms",
        "second_step.ask",
        "second_step.passkey",
        "sign.copy",
        "sign.give",
        "sign.show",
        "signin.ask",
        "signin.enter",
        "signin.passkey",
        "signin.sent",
        "signup.ask",
        "static",
        "status_page.calendar",
        "status_page.progress",
        "status_page.show",
    }
)
"""Endpoints open to everyone."""
