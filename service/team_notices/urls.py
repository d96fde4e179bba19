"""The URLs of channels, in the form that the apprise library reads."""

import re
from typing import Final
from urllib.parse import parse_qsl

from apprise import Apprise, NotifyBase

from service.errors import Invalid
from service.team_notices.ssrf import must_not_be_private

# these show a notice on the machine that we run on
_HERE: Final = frozenset({"blink1", "dbus", "glib", "gnome", "kde", "macosx", "qt", "syslog", "windows"})

# options with which apprise reads a file of ours, or writes one
_FILES: Final = frozenset({"cache", "keyfile", "pgpprv", "pgppub", "store", "subfile", "template"})
_PATH: Final = re.compile(r"\s*(file:|[/\\~]|\.{1,2}[/\\])", re.IGNORECASE)

_NOT_UNDERSTOOD: Final = (
    "We do not know this kind of address. For Slack it begins with https://hooks.slack.com/services/, for other "
    "services as their page at github.com/caronc/apprise/wiki says."
)


def service_at(url: str) -> NotifyBase | None:
    """The service that a URL names. None for an unknown one, and for one that shows or reads something here."""
    if _names_a_file(url):
        return None
    service = Apprise.instantiate(url, suppress_exceptions=True)
    if not isinstance(service, NotifyBase) or _schemas(service) & _HERE:
        return None
    return service


def checked(url: str, *, private: bool) -> NotifyBase:
    """The service of a URL that a member typed. `private` allows private networks.

    Names are not resolved here: where they lead is seen when a notice is delivered. Raises `Invalid`.
    """
    service = service_at(url)
    if service is None:
        raise Invalid({"url": [_NOT_UNDERSTOOD]})
    must_not_be_private(str(service.host or "").strip("[]").lower(), private=private)
    return service


def _names_a_file(url: str) -> bool:
    """Whether an option of the URL is the path of a file, by its name or by its look."""
    options = parse_qsl(url.partition("?")[2].replace(";", "&"), keep_blank_values=True)
    return any(name.strip().lower() in _FILES or _PATH.match(value) for name, value in options)


def _schemas(service: NotifyBase) -> set[str]:
    named: set[str] = set()
    for schemas in (service.protocol, service.secure_protocol):
        named.update([schemas] if isinstance(schemas, str) else schemas or ())
    return named


def host_of(url: str) -> str:
    """The host that a member's URL names; for services that have one for all their customers, the service's name."""
    service = service_at(url)
    if service is None:
        return ""
    return str(service.host) if "host" in service.template_tokens else str(service.service_name)
