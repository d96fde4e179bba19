"""What proves each channel of a ported number, in words, and what texts wait for."""

from collections.abc import Mapping
from typing import Final

from flask_babel import gettext

from provisioning.contract.messaging import Trouble
from service.cutover.models import Cutover, CutoverStep, StepName
from service.cutover.readiness import REGISTRATION_LACKS, Lack
from service.porting.models import PortNumber
from service.web.shell.words import phone

ARRIVING: Final = (StepName.PROVE_VOICE, StepName.PROVE_TEXTS, StepName.PROVE_PICTURES)

CHANNELS: Final = (*ARRIVING, StepName.PROVE_SENDING)
"""The steps that prove a channel each, in the order of the page."""

REGISTRATION_WORDS: Final = {
    Lack.REGISTRATION_MISSING: "Your number isn’t registered for texting in the United States yet.",
    Lack.REGISTRATION_PENDING: "The registration for texting in the United States is still in review.",
    Lack.REGISTRATION_REFUSED: "The registration for texting in the United States was rejected. We’re on it.",
}

_WITHIN_OUR_CARRIER: Final = {
    **dict.fromkeys(
        ARRIVING, ("So far only from %(number)s, on our own carrier. Not yet confirmed from another network.")
    ),
    StepName.PROVE_SENDING: "So far only to %(number)s, on our own carrier. Not yet confirmed on another network.",
}

_UNDELIVERED: Final = {
    Trouble.NOT_REGISTERED: (
        "A text came back. Other networks don’t accept texts until the registration is approved. We’re on it."
    ),
    Trouble.SENDER_NOT_READY: (
        "A text came back. This number’s registration isn’t finished. If it texted at your old provider, ask them to "
        "release it for texting. We retry automatically."
    ),
    Trouble.FILTERED: "A text came back marked as spam. We’re looking into it.",
    Trouble.OTHER: "A text came back without a reason. We retry automatically.",
    Trouble.PAUSED: "Our test text wasn’t sent because your workspace is paused. We retry automatically.",
    Trouble.OVER_LIMIT: (
        "Our test text wasn’t sent because you’ve reached your limit for texts. We retry automatically."
    ),
}
"""Why texts from the number are not delivered, for troubles that do not lie with the phone."""


def texts_wait(cutover: Cutover, steps: Mapping[StepName, CutoverStep]) -> str:
    """What texts wait for, in a sentence; "" if for nothing that we know."""
    if _open(steps, StepName.ENROL_TEXTS) and cutover.registration in REGISTRATION_LACKS:
        return str(gettext(REGISTRATION_WORDS[REGISTRATION_LACKS[cutover.registration]]))
    return undelivered(steps[StepName.PROVE_SENDING]) if _open(steps, StepName.PROVE_SENDING) else ""


def wants_text(steps: Mapping[StepName, CutoverStep]) -> bool:
    """Whether texts leave from the number, and none was delivered to another network yet."""
    return _open(steps, StepName.PROVE_SENDING) and not _open(steps, StepName.CHANGE_SENDER)


def undelivered(step: CutoverStep) -> str:
    """Why the last text was not delivered, in a sentence; "" if it was, or none was sent."""
    if not step.trouble:
        return ""
    if step.trouble in _UNDELIVERED:
        return str(gettext(_UNDELIVERED[Trouble(step.trouble)]))
    return str(gettext("Our test text didn’t reach your mobile. Send a text from your inbox to another mobile."))


def proof_of(number: PortNumber, step: CutoverStep, network: str) -> str:
    """What proves a channel, in a sentence; "" if nothing does. `network` is that of the far end, or ""."""
    if step.done_at and step.evidence.get("line_texts_from"):
        return str(gettext("Your line texts from %(number)s.", number=phone(step.evidence["line_texts_from"])))
    if not step.done_at or step.name not in CHANNELS or not step.far_end:
        return ""
    far_end = phone(step.far_end)
    if not step.complete:
        return str(gettext(_WITHIN_OUR_CARRIER[step.name], number=far_end))
    if step.trial:
        return str(gettext("Our test from %(number)s", number=far_end))
    return _proven(number, step, f"{far_end} ({network})" if network else far_end)


def _proven(number: PortNumber, step: CutoverStep, far_end: str) -> str:
    if step.name is not StepName.PROVE_SENDING:
        return str(gettext("Arrived from %(number)s.", number=far_end))
    if step.far_end == number.project.contact_number:
        return str(gettext("Delivered to your mobile, %(number)s.", number=far_end))
    return str(gettext("Delivered to %(number)s.", number=far_end))


def _open(steps: Mapping[StepName, CutoverStep], name: StepName) -> bool:
    return name in steps and not steps[name].complete
