"""What numbers point at: an application, whose URLs get their calls, and a profile, whose URL gets their texts.

https://developers.telnyx.com/api-reference/texml-applications · https://developers.telnyx.com/api-reference/messaging-profiles

All numbers share one application. Each has a profile of its own, as a STOP holds for all numbers of a profile: those of
other businesses must not fall silent with it.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress

from provisioning.carriers.telnyx.client import Client, understood
from provisioning.carriers.telnyx.json_parts import Json, id_of
from provisioning.contract.errors import NotFound
from provisioning.contract.numbers import Routing

APPLICATIONS, PROFILES = "/texml_applications", "/messaging_profiles"
POST = "post"

# the first version is signed otherwise; how the one that looks like another carrier's is signed is not documented
VERSION = "2"

# which countries may be texted is decided by the service
EVERYWHERE = ["*"]


class Targets:
    """Finds, makes and reads applications and profiles."""

    def __init__(self, client: Client, outbound_profile: str) -> None:
        self._client = client
        self._outbound_profile = outbound_profile

    def application(self, routing: Routing) -> str:
        """The id of the application with this routing.

        It is named after the address without its query, so that it is kept when the marks in our addresses change.
        """
        return self._kept(APPLICATIONS, "friendly_name", routing.voice_url.partition("?")[0], self._calls(routing))

    def profile(self, number: str, routing: Routing) -> str:
        """The id of the profile of a number (E.164) with this routing."""
        return self._kept(PROFILES, "name", number, _texts(routing))

    def forget_profile(self, number: str) -> None:
        """Delete the profile of a number (E.164) that is no longer ours, and with it who has written STOP to it."""
        for found in self._named(PROFILES, "name", number):
            with suppress(NotFound):
                self._client.delete(f"{PROFILES}/{id_of(found, 'id')}")

    def routing(self, application: str, profile: str) -> Routing:
        """The routing in force of a number that points at these two ("" for none)."""
        return routing_of(self._one(APPLICATIONS, application), self._one(PROFILES, profile))

    def all_of(self, path: str) -> Mapping[str, Json]:
        """All applications or profiles (`path`) by their ids."""
        return {str(found.get("id")): found for found in self._client.fetch_each(path)}

    def _calls(self, routing: Routing) -> Json:
        return {
            "active": True,
            "voice_url": routing.voice_url,
            "voice_method": POST,
            "voice_fallback_url": routing.voice_url,
            "status_callback": routing.call_status_url,
            "status_callback_method": POST,
            **({"outbound": {"outbound_voice_profile_id": self._outbound_profile}} if self._outbound_profile else {}),
        }

    def _kept(self, path: str, naming: str, name: str, settings: Json) -> str:
        """The id of the one with this name, after what differs in it was changed; it is made if there is none."""
        with understood():
            found = next(self._named(path, naming, name), None)
            if found is None:
                found = self._client.create(path, {naming: name} | settings)
            elif not _has(found, settings):
                found = self._client.change(f"{path}/{id_of(found, 'id')}", {naming: name} | settings)
            return id_of(found, "id")

    def _named(self, path: str, naming: str, name: str) -> Iterator[Json]:
        """Those with exactly this name: the filter also lets through those whose names contain it."""
        return (found for found in self._client.fetch_each(path, {naming: name}) if found.get(naming) == name)

    def _one(self, path: str, reference: str) -> Json | None:
        """None also for a connection of another kind than an application."""
        if not reference:
            return None
        try:
            return self._client.fetch(f"{path}/{reference}")
        except NotFound:
            return None


def _has(found: Json, settings: Json) -> bool:
    """Whether something at the carrier has these settings; others that it has too do not count."""
    return all(
        _has(found.get(name) or {}, value) if isinstance(value, dict) else found.get(name) == value
        for name, value in settings.items()
    )


def routing_of(application: Json | None, profile: Json | None) -> Routing:
    """The routing that an application and a profile give. Another method than ours, or an inactive one, gives none."""
    calls, texts = application or {}, profile or {}
    answers = calls.get("voice_method") == POST and calls.get("active", True)
    tells = calls.get("status_callback_method", POST) == POST
    reads = texts.get("webhook_api_version") == VERSION and texts.get("enabled", True)
    return Routing(
        voice_url=_url(calls, "voice_url") if answers else "",
        message_url=_url(texts, "webhook_url") if reads else "",
        call_status_url=_url(calls, "status_callback") if tells else "",
    )


def _texts(routing: Routing) -> Json:
    """The fallback is the same URL, as a second attempt."""
    return {
        "whitelisted_destinations": EVERYWHERE,
        "enabled": True,
        "webhook_url": routing.message_url,
        "webhook_failover_url": routing.message_url,
        "webhook_api_version": VERSION,
    }


def _url(found: Json, name: str) -> str:
    return str(found.get(name) or "")
