"""Who may sign up, and when their browser has to compute first."""

from enum import StrEnum


class SignUp(StrEnum):
    """Who may sign up: everybody, those with an operator's invitation, or everybody, each waiting for an operator."""

    OPEN = "open"
    INVITATION = "invitation"
    APPROVAL = "approval"


class SignUpChallenge(StrEnum):
    """When the browser of a person who signs up has to compute for a moment: never, while many sign up, or always."""

    NEVER = "never"
    LOUD = "loud"
    ALWAYS = "always"
