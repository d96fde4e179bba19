"""Endpoints that want a code or passkey of the last hour: who borrowed a browser gets no further."""

from typing import Final

SENSITIVE: Final = frozenset(
    {
        "api_keys.make",
        "api_keys.revoke",
        "api_keys.show",
        "archive.download",
        "archive.show",
        "closing.begin",
        "closing.show",
        "contacts.erase",
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
        "sign_in_methods.add_app",
        "sign_in_methods.add_passkey",
        "sign_in_methods.app",
        "sign_in_methods.confirm_app",
        "sign_in_methods.new_codes",
        "sign_in_methods.passkey",
        "sign_in_methods.remove_app",
        "sign_in_methods.remove_passkey",
        "status_page.begin",
        "team.change",
        "team.demand",
        "team.hand_over",
        "team.let_start_anew",
        "team.remove",
        "team.settings",
    }
)
"""What files, cancels, corrects, re-dates or sends back a number or closes the account, the team, keys, signing in."""
