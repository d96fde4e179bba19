"""The numbers of the account: bought, ported in, moved, released."""

from datetime import datetime

from sandbox import catalogue
from sandbox.errors import Refusal
from sandbox.exchange import Exchange
from sandbox.records import Detour, Number, Service, number_id
from sandbox.scenarios import carries_texts, country, scenario

EMERGENCY = "emergency_address_sid"
METHODS = ("voice_method", "voice_fallback_method", "sms_method", "sms_fallback_method", "status_callback_method")
OTHERS = (
    "voice_url",
    "voice_fallback_url",
    "voice_application_sid",
    "voice_caller_id_lookup",
    "voice_receive_mode",
    "sms_url",
    "sms_fallback_url",
    "sms_application_sid",
    "status_callback",
    "trunk_sid",
    EMERGENCY,
    "identity_sid",
    "address_sid",
    "bundle_sid",
)
SETTINGS = METHODS + OTHERS
# settings that an application overrides
VOICE_SETTINGS = (
    "voice_url",
    "voice_method",
    "voice_fallback_url",
    "voice_fallback_method",
    "status_callback",
    "status_callback_method",
)
TEXT_SETTINGS = ("sms_url", "sms_method", "sms_fallback_url", "sms_fallback_method")
APPLICATION_SETTINGS = (
    *VOICE_SETTINGS,
    *TEXT_SETTINGS,
    "voice_caller_id_lookup",
    "sms_status_callback",
    "message_status_callback",
)
TEST_NUMBER = "+15005550006"
NONE_FREE = "+15005550000"
NOT_A_NUMBER = "+15005550001"
NO_POSTAL_CODE = "00000"


class Inventory:
    """Keeps the numbers of all accounts."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def held(self, phone_number: str) -> Number | None:
        """The number in whichever account has it, or None."""
        numbers = self._exchange.state.numbers.values()
        return next((number for number in numbers if number.phone_number == phone_number), None)

    def taken(self) -> set[str]:
        """All numbers that are in an account."""
        return {number.phone_number for number in self._exchange.state.numbers.values()}

    def buy(self, account_sid: str, phone_number: str, area_code: str) -> Number:
        """Buy a number, or any in an area code. Raises `Refusal` 21421, 21422, 21451 or 21452 where there is none."""
        if phone_number:
            self._must_be_for_sale(phone_number)
        else:
            phone_number = self._any_in(area_code)
        now = self._exchange.now()
        return self._put(account_sid, phone_number, now, now)

    def configure(self, number: Number, settings: dict[str, str]) -> None:
        """Change the settings of a number. A trunk and a voice application exclude each other."""
        if settings.get("trunk_sid"):
            settings = settings | {"voice_application_sid": ""}
        elif settings.get("voice_application_sid"):
            settings = settings | {"trunk_sid": ""}
        number.updated = self._exchange.now()
        if settings.get(EMERGENCY, number.settings[EMERGENCY]) != number.settings[EMERGENCY]:
            if settings[EMERGENCY] and self.emergency_address_status(number) != "unregistered":
                raise Refusal(20409, "Remove the emergency address and wait until it is unregistered.", 409)
            number.emergency_changed = number.updated
        number.settings.update(settings)

    def emergency_address_status(self, number: Number) -> str:
        """The registration status of the emergency address. It changes after `Delays.emergency`; code 00000 fails.

        https://www.twilio.com/docs/voice/tutorials/emergency-calling-for-sip-trunking
        """
        sid, changed = number.settings[EMERGENCY], number.emergency_changed
        address = self._exchange.state.addresses.get(sid)
        if changed and self._exchange.now() < changed + self._exchange.delays.emergency:
            return "pending-registration" if sid else "pending-unregistration"
        if address and address.fields.get("postal_code") == NO_POSTAL_CODE:
            return "registration-failure"
        return "registered" if sid else "unregistered"

    def serves_emergencies(self, address_sid: str) -> bool:
        """Whether an address is the emergency address of any number."""
        return any(number.settings[EMERGENCY] == address_sid for number in self._exchange.state.numbers.values())

    def hooks(self, number: Number) -> dict[str, str]:
        """The settings in force: those of an application override the number's own, for calls and for texts."""
        in_force = dict(number.settings)
        applications = self._exchange.state.applications
        for name, settings in (("voice_application_sid", VOICE_SETTINGS), ("sms_application_sid", TEXT_SETTINGS)):
            if application := applications.get(in_force[name]):
                in_force |= {each: application.settings.get(each, "") for each in settings}
        return in_force

    def release(self, number: Number) -> None:
        """Release a number, also from its messaging service. Raises `Refusal` 20409 if it has an emergency address."""
        if self.emergency_address_status(number) != "unregistered":
            raise Refusal(20409, "Remove the emergency address before releasing this number.", 409)
        self.remove(number)

    def remove(self, number: Number) -> None:
        """Take a number out of its account and its messaging service."""
        with self._exchange.changing() as state:
            del state.numbers[number.sid]
            for service in state.services.values():
                service.pool.pop(number.sid, None)
                service.registrations.pop(number.sid, None)

    def put_into_service(self, number: Number, service_sid: str) -> None:
        """Put a number into the pool of this messaging service alone; an empty sid takes it out of its own."""
        for service in self._exchange.state.services.values():
            service.pool.pop(number.sid, None)
        if service_sid:
            self._exchange.state.services[service_sid].pool[number.sid] = self._exchange.now()

    def service_of(self, number: Number) -> Service | None:
        """The messaging service with this number in its pool, or None."""
        services = self._exchange.state.services.values()
        return next((service for service in services if number.sid in service.pool), None)

    def appear(self, phone_number: str, account_sid: str, ported: datetime | None) -> None:
        """Put a ported number into the account without settings. It has no traffic before `ported`."""
        if self.held(phone_number) is None:
            number = self._put(account_sid, phone_number, None, None)
            if ported:
                _go_live(number, ported)

    def go_live(self, phone_number: str) -> None:
        """Start the traffic of a number that is already in the account."""
        number = self.held(phone_number)
        if number:
            _go_live(number, self._exchange.now())

    def _put(
        self, account_sid: str, phone_number: str, voice_from: datetime | None, texts_from: datetime | None
    ) -> Number:
        now, sid = self._exchange.now(), number_id(self._exchange.state.accounts[account_sid].carrier)
        number = Number(sid, account_sid, phone_number, friendly(phone_number), now, now)
        number.settings = dict.fromkeys(METHODS, "POST") | dict.fromkeys(OTHERS, "")
        number.voice_from, number.texts_from = voice_from, texts_from
        self._exchange.state.numbers[sid] = number
        return number

    def _must_be_for_sale(self, phone_number: str) -> None:
        if phone_number == NOT_A_NUMBER or country(phone_number) is None:
            raise Refusal(21421, f"{phone_number} is not a valid phone number.")
        for_sale = phone_number == TEST_NUMBER or catalogue.is_for_sale(phone_number)
        if phone_number == NONE_FREE or not for_sale or phone_number in self.taken():
            raise Refusal(21422, f"{phone_number} is not available.")

    def _any_in(self, area_code: str) -> str:
        if area_code == "500":
            return TEST_NUMBER
        area = catalogue.area_of(area_code) if len(area_code) == 3 else None  # noqa: PLR2004 - digits of an area code
        if area_code != catalogue.NONE_LEFT and area is None:
            raise Refusal(21451, f"{area_code} is not a valid area code.")
        free = catalogue.search(area.country, "Local", {"AreaCode": area_code}, self.taken(), 1) if area else []
        if not free:
            raise Refusal(21452, f"No phone numbers found in area code {area_code}.")
        return free[0][0]


def _go_live(number: Number, since: datetime) -> None:
    """Start voice at once and texts after the delay of the number's scenario, with the scenario's detours."""
    special = scenario(number.phone_number)
    number.voice_from = since
    number.texts_from = since + special.texts_late if carries_texts(number.phone_number) else None
    number.detours = [
        Detour(each.leg, each.network, None if each.lasting is None else since + each.lasting)
        for each in special.astray
    ]


def friendly(phone_number: str) -> str:
    """Format a NANP number as `(415) 555-2671`; other numbers stay as they are."""
    national = phone_number.removeprefix("+1")
    if national == phone_number:
        return phone_number
    return f"({national[:3]}) {national[3:6]}-{national[6:]}"
