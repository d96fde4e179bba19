"""The URLs of channels, in the form that the apprise library reads."""

from typing import Final

from apprise import Apprise, NotifyBase

from service.errors import Invalid
from service.team_notices.ssrf import is_address, is_public

# these show a notice on the machine that we run on
_HERE: Final = frozenset({"blink1", "dbus", "glib", "gnome", "kde", "macosx", "qt", "syslog", "windows"})

_NOT_UNDERSTOOD: Final = (
    "We do not know this kind of address. For Slack it begins with https://hooks.slack.com/services/, for other "
    "services as their page at github.com/caronc/apprise/wiki says."
)
_PRIVATE: Final = "This leads into a private network, which is not reached from here."


def service_at(url: str) -> NotifyBase | None:
    """The service that a URL names. None for an unknown one, and for one that shows notices on this machine."""
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
    host = str(service.host or "").strip("[]").lower()
    if not private and (host == "localhost" or (is_address(host) and not is_public(host))):
        raise Invalid({"url": [_PRIVATE]})
    return service


def _schemas(service: NotifyBase) -> set[str]:
    named: set[str] = set()
    for schemas in (service.protocol, service.secure_protocol):
        named.update([schemas] if isinstance(schemas, str) else schemas or ())
    return named
