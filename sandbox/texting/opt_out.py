"""Opt-outs by STOP, START and HELP, kept per sender and contact.

https://help.twilio.com/articles/223134027-Twilio-support-for-opt-out-keywords-SMS-STOP-filtering-
"""

from sandbox.exchange import Exchange

STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "OPTOUT", "REVOKE"})
START = frozenset({"START", "YES", "UNSTOP"})
HELP = frozenset({"HELP", "INFO"})
ANSWERS = {
    "STOP": "You have successfully been unsubscribed. You will not receive any more messages from this number. "
    "Reply START to resubscribe.",
    "START": "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
    "HELP": "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}


def keyword(body: str) -> str | None:
    """`STOP`, `START` or `HELP` if the whole text is such a keyword, else None."""
    word = body.strip().upper()
    kinds = {"STOP": STOP, "START": START, "HELP": HELP}
    return next((kind for kind, words in kinds.items() if word in words), None)


class OptOuts:
    """Keeps which contacts have opted out of a number or a messaging service."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def hears(self, sender: str, contact: str, kind: str) -> str | None:
        """Apply a keyword; the answer to send, or None if it changed nothing."""
        pair, outs = f"{sender} {contact}", self._exchange.state.opt_outs
        if kind == "STOP":
            if pair in outs:
                return None
            outs[pair] = self._exchange.now()
        elif kind == "START" and outs.pop(pair, None) is None:
            return None
        return ANSWERS[kind]

    def stopped(self, sender: str, contact: str) -> bool:
        """Whether the contact has opted out of this sender."""
        return f"{sender} {contact}" in self._exchange.state.opt_outs
