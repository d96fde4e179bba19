"""Endpoints for which a code must have been entered within the last hour: who borrowed a browser gets no further."""

from typing import Final

SENSITIVE: Final = frozenset(
    {
        "cutover.again",
        "cutover.back",
        "cutover.confirm_return",
        "cutover.send_back",
        "devices.end",
        "devices.end_others",
        "invitations.ask",
        "invitations.send",
        "ports.call_off",
        "ports.fix",
        "ports.mend",
        "reschedule.ask",
        "reschedule.change",
        "review.send",
        "review.show",
        "status_page.begin",
        "team.change",
        "team.hand_over",
        "team.remove",
        "team.settings",
    }
)
"""What files, cancels, corrects, re-dates or sends back a number, and who belongs to the team."""
