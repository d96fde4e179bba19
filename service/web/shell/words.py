"""Template filters: numbers, days and moments as pages write them, and names of states."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import format_skeleton, get_timezone_name
from babel.numbers import format_currency
from flask import Flask, g
from flask_babel import format_date, format_time, gettext

from provisioning.contract.browser_phones import is_browser
from provisioning.contract.messaging import Trouble
from service.accounts.models import Membership
from service.errors import Sentence
from service.names import isolated
from service.notifications.speech import Reason, Speaker
from service.porting.kinds import country_of
from service.porting.models import PortProject
from service.porting.needs import operator_of
from service.porting.operators import Operator
from service.porting.reasons import only_staff
from service.porting.states import LABELS, State
from service.time import day_or_moment, now
from service.web.shell.avatars import hue, letters
from service.web.shell.context import services
from service.web.shell.languages import language
from service.web.shell.plot import columns, highest
from service.written_numbers import written

_NOWHERE: Final = "ZZ"
_LONG_ENOUGH: Final = 8
"""Characters of an account number whose last four give nothing away."""


def add_filters(app: Flask) -> None:
    """Register the filters."""
    times, names = (day, month, moment, at, clock, date_words), (phone, ending, state, role, trouble, letters, hue)
    for filter_ in (*times, *names, reasons, objections, translated, old_operator, columns, highest):
        app.add_template_filter(filter_)
    app.add_template_filter(territory)
    app.add_template_filter(carrier_title)
    app.add_template_filter(money)
    app.add_template_global(zone_name)


def phone(number: str) -> str:
    """An E.164 number in a sentence, which no line break divides."""
    return spelled(number).replace(" ", "\u00a0").replace("-", "\u2011")


def spelled(number: str) -> str:
    """An E.164 number as people write it, or the word for a browser. Other text, such as a name, stays as it is."""
    if is_browser(number):
        return gettext("Browser")
    try:
        return written(number)
    except ValueError:
        return number


def day(when: date) -> str:
    """A date with its weekday."""
    return speaker().when(when)


def month(when: date) -> str:
    """The month of a date in short, as a calendar's leaf shows it."""
    return str(format_skeleton("MMM", when, locale=language().value))


def moment(when: datetime) -> str:
    """A moment (aware) in the workspace's zone, with the zone's name."""
    return speaker().moment(when)


def at(when: datetime) -> str:
    """A moment (aware) in the workspace's zone, for pages that name the zone once."""
    return f"{day(when.astimezone(_zone()).date())}, {format_time(when, 'short')}"


def zone_name(zone: ZoneInfo | None = None) -> str:
    """The name of a zone in summer and winter alike; the workspace's unless another is given.

    A zone of no country, such as UTC, has none of these names, but never changes either: it is called as it is now.
    """
    named = zone or _zone()
    own_name = get_global("zone_aliases").get(named.key, named.key)
    has_country = get_global("zone_territories").get(own_name, _NOWHERE) != _NOWHERE
    return get_timezone_name(named if has_country else now().astimezone(named), locale=language().value)


def stated(when: str) -> str:
    """A date or moment in ISO 8601, in words."""
    return speaker().when(day_or_moment(when))


def clock(when: datetime) -> str:
    """A moment (aware) in short: its time, after its day unless that is today, and its year unless that is this one."""
    local, today = when.astimezone(_zone()), now().astimezone(_zone())
    time = str(format_time(when, "short"))
    if local.date() == today.date():
        return time
    skeleton = "MMMd" if local.year == today.year else "yMMMd"
    return f"{format_skeleton(skeleton, local, locale=language().value)}, {time}"


def state(which: State) -> str:
    """A number's state as customers read it."""
    return str(gettext(LABELS[which]))


TROUBLES: Final[Mapping[str, str]] = {
    Trouble.OPTED_OUT: "They asked not to get texts.",
    Trouble.BAD_RECIPIENT: "This number doesn’t exist or can’t get texts.",
    Trouble.NOT_PERMITTED: "Texts can’t go to this number from here.",
    Trouble.OVER_LIMIT: "You’ve reached your limit for texts for now.",
    Trouble.PAUSED: "Your workspace is paused.",
    Trouble.LANDLINE: "This is a landline. It can’t get texts.",
    Trouble.SENDER_NOT_READY: "Your number can’t send texts yet.",
    Trouble.NOT_REGISTERED: "Your number isn’t registered for texting in the United States yet.",
    Trouble.FILTERED: "Their provider marked it as spam.",
    Trouble.UNREACHABLE: "Their phone couldn’t be reached.",
    Trouble.TOO_LONG: "The text was too long.",
    Trouble.BAD_MEDIA: "The picture couldn’t be sent.",
    Trouble.OTHER: "Their provider didn’t say why.",
}
"""Why a text did not arrive, for the person who wrote it."""


def trouble(code: str) -> str:
    """Why a text did not arrive, in a sentence."""
    return str(gettext(TROUBLES.get(code, TROUBLES[Trouble.OTHER])))


ROLES: Final[Mapping[Membership, str]] = {
    Membership.OWNER: "Owner",
    Membership.ADMIN: "Admin",
    Membership.MEMBER: "Member",
}
"""Names of the roles in a workspace."""


def role(which: Membership) -> str:
    """The name of a role."""
    return str(gettext(ROLES[which]))


def reasons(codes: Sequence[str]) -> list[Reason]:
    """The old operator's objections, in sentences."""
    return speaker().reasons(codes)


def carrier_title(name: str) -> str:
    """A carrier as our staff call it; one that is no longer in the settings is called by its name there."""
    known = services().carriers.get(name)
    return translated(known.title) if known else name


def objections(codes: Sequence[str]) -> list[str]:
    """Why a number cannot be moved, before anything is filed. Objections that only staff can mend are kept short."""
    return [
        f"{reason.short[0].upper()}{reason.short[1:]}." if only_staff([code]) else reason.full
        for code, reason in zip(codes, reasons(codes), strict=True)
    ]


def old_operator(project: PortProject) -> Operator:
    """Advice about a project's old operator, in English."""
    return operator_of(project)


def ending(account_number: str | None) -> str:
    """An account number but for its last four characters; of a short one none is shown. "" if there is none."""
    if not account_number:
        return ""
    if len(account_number) < _LONG_ENOUGH:
        return str(gettext("Added"))
    return str(gettext("•••• %(end)s", end=account_number[-4:]))


def country_name(number: str) -> str:
    """The country of a number (E.164), by its name in the page's language."""
    return territory(country_of(number))


def territory(country: str) -> str:
    """The name of a country (ISO 3166) in the page's language."""
    return str(Locale(language().value).territories.get(country, country))


def money(amount: Decimal, currency: str) -> str:
    """An amount in a currency (ISO 4217) as the page's language writes it."""
    return format_currency(amount, currency, locale=language().value)


def translated(sentence: str) -> str:
    """A use-case's English sentence in the page's language."""
    if isinstance(sentence, Sentence):
        facts = {name: _fact(fact) for name, fact in sentence.facts.items()}
        return str(gettext(sentence.template)).format(**facts)
    return str(gettext(sentence)) if sentence else ""


def _fact(fact: str | int) -> str | int:
    """A fact of a sentence: a sentence in the page's language, or a text that turns nothing around it."""
    if isinstance(fact, Sentence):
        return translated(fact)
    return isolated(fact) if isinstance(fact, str) else fact


def date_words(when: date) -> str:
    """A date with its year, for a list of days to choose from."""
    return str(format_date(when, "full"))


def speaker() -> Speaker:
    """Words facts in the page's language, with times in the workspace's zone."""
    return Speaker(language(), _zone())


def _zone() -> ZoneInfo:
    return ZoneInfo(g.get("zone", "UTC"))
