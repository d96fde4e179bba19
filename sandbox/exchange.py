"""The state, clock, lock and agenda that all parts of the carrier share."""

import heapq
import json
from collections.abc import Container, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from enum import StrEnum
from threading import RLock

from sandbox.clock import RehearsalClock
from sandbox.delays import Delays
from sandbox.faults import Faults
from sandbox.records import Account, ApiKey, Callback, Carrier, Service, State, Step, new_sid
from sandbox.registering.policies import PRIMARY
from sandbox.registering.records import Campaign, CampaignStatus, Profile, ProfileStatus

TELNYX_ACCOUNT = "00000000-0000-4000-8000-0000000000aa"
"""The account that is served in the second carrier's protocol."""

TELNYX_KEY = "KEYrehearsal"


class StepKind(StrEnum):
    """The kinds of steps on the agenda."""

    POST = "post"
    REVIEWED = "reviewed"
    EXPIRED = "expired"
    SENT_ON = "sent-on"
    ANSWERED = "answered"
    MOVED = "moved"
    WITHDRAWN = "withdrawn"
    PORT_DAY = "port-day"
    COMPLETED = "completed"
    CANCELED = "canceled"
    APPEARED = "appeared"
    PORTED_OUT = "ported-out"
    PORT_OUT_UNANSWERED = "port-out-unanswered"
    PORT_OUT_REFUSAL_READ = "port-out-refusal-read"
    FETCH = "fetch"
    TEXT_STATUS = "text-status"
    PORT_ORDER = "port-order"
    NUMBER_ORDERED = "number-ordered"
    RING_OUT = "ring-out"
    CALL_GOES_ON = "call-goes-on"
    PATIENCE_ENDS = "patience-ends"
    TALK_ENDS = "talk-ends"
    TAKEN_ELSEWHERE = "taken-elsewhere"
    PROFILE_CHECKED = "profile-checked"
    PROFILE_REVIEWED = "profile-reviewed"
    BRAND_DECIDED = "brand-decided"
    BRAND_VETTED = "brand-vetted"
    OWNER_SILENT = "owner-silent"
    CAMPAIGN_ADVANCED = "campaign-advanced"
    CAMPAIGN_MONTH = "campaign-month"
    NUMBER_REGISTERED = "number-registered"
    NUMBER_LEFT = "number-left"
    TOLL_FREE_REVIEWED = "toll-free-reviewed"
    TEN_DLC = "ten-dlc"


def registered_service(account_sid: str) -> str:
    """The sid of the messaging service that the account has from the beginning; its campaign is verified."""
    return f"MG{account_sid.removeprefix('AC')}"


def primary_profile(account_sid: str) -> str:
    """The sid of the account's own approved business profile, which at the carrier is made by hand."""
    return f"BU{account_sid.removeprefix('AC')}"


def browser_key(account_sid: str) -> str:
    """The sid of the API key that the account has from the beginning, for phones in browsers."""
    return f"SK{account_sid.removeprefix('AC')}"


def secret_of_browser_key(auth_token: str) -> str:
    """Its secret, long enough for HMAC with SHA-256."""
    return f"{auth_token}-for-browser-phones"


class Exchange:
    """Holds the state under one lock, the time, and the agenda of steps that are still to come."""

    def __init__(
        self, clock: RehearsalClock, account_sid: str, auth_token: str, delays: Delays, telnyx_key: str = TELNYX_KEY
    ) -> None:
        self.clock = clock
        self.delays = delays
        self.faults = Faults(clock)
        self.lock = RLock()
        self.account_sid = account_sid
        self.public_url = "http://127.0.0.1:8001"
        self.changes = 0
        self._auth_token = auth_token
        self._telnyx_key = telnyx_key
        self._moment: datetime | None = None
        self.state = State()
        self.reset()

    def reset(self) -> None:
        """Forget everything but the accounts, the business profile and its registration for texts."""
        with self.changing():
            self.state = State()
            self.adopt(self.state)

    def adopt(self, state: State) -> None:
        """Use a saved state, and make sure that it has the configured accounts and what was registered."""
        self.state = state
        account = Account(self.account_sid, self._auth_token, "Rehearsal", self.now())
        kept = state.accounts.setdefault(self.account_sid, account)
        kept.token = self._auth_token
        other = Account(TELNYX_ACCOUNT, self._telnyx_key, "Rehearsal", self.now(), carrier=Carrier.TELNYX)
        state.accounts.setdefault(TELNYX_ACCOUNT, other).token = self._telnyx_key
        state.keys[browser_key(self.account_sid)] = self._browser_key()
        service = registered_service(self.account_sid)
        state.services.setdefault(service, self._registered(service))
        state.profiles.setdefault(primary_profile(self.account_sid), self._primary())

    def carrier_of(self, account_sid: str) -> Carrier:
        """The carrier in whose protocol an account is served."""
        return self.state.accounts[account_sid].carrier

    def _browser_key(self) -> ApiKey:
        secret = secret_of_browser_key(self._auth_token)
        return ApiKey(browser_key(self.account_sid), self.account_sid, "Browser phones", secret, self.now())

    def _registered(self, service: str) -> Service:
        begun = self.now()
        campaign = Campaign("", {}, begun, begun, CampaignStatus.VERIFIED)
        return Service(service, self.account_sid, "Registered", begun, begun, campaign=campaign)

    def _primary(self) -> Profile:
        begun, sid = self.now(), primary_profile(self.account_sid)
        profile = Profile(
            sid,
            self.account_sid,
            PRIMARY,
            "Rehearsal",
            "us@example.com",
            is_product=False,
            created=begun,
            updated=begun,
        )
        profile.status = ProfileStatus.TWILIO_APPROVED
        return profile

    @contextmanager
    def changing(self) -> Iterator[State]:
        """Hold the lock and count a change. The caller must not send requests or sleep inside."""
        with self.lock:
            self.changes += 1
            yield self.state

    @contextmanager
    def at(self, moment: datetime) -> Iterator[None]:
        """Make `now` return this moment: a step carried out after a long jump keeps the time at which it was due."""
        with self.changing():
            self._moment = moment
            try:
                yield
            finally:
                self._moment = None

    def now(self) -> datetime:
        """The present moment in whole seconds, as the carrier writes it."""
        with self.lock:
            return (self._moment or self.clock.now()).replace(microsecond=0)

    def later(self, kind: StepKind, subject: str, after: timedelta = timedelta(0), detail: str = "") -> None:
        """Put a step on the agenda, `after` from now."""
        self.at_time(kind, subject, self.now() + after, detail)

    def at_time(self, kind: StepKind, subject: str, due: datetime, detail: str = "") -> None:
        """Put a step on the agenda for `due`. Steps due at the same moment run in the order they were added."""
        self.state.turn += 1
        heapq.heappush(self.state.steps, Step(due, self.state.turn, kind, subject, detail))

    def next_due(self) -> Step | None:
        """Take the next due step off the agenda, or return None."""
        with self.lock:
            if self.state.steps and self.state.steps[0].due <= self.clock.now():
                self.changes += 1
                return heapq.heappop(self.state.steps)
        return None

    def next_until(self, moment: datetime, kinds: Container[str]) -> Step | None:
        """Take the next step of these kinds that is due until a moment to come off the agenda, or return None."""
        with self.lock:
            step = min((one for one in self.state.steps if one.due <= moment and one.what in kinds), default=None)
            if step is not None:
                self.changes += 1
                self.state.steps.remove(step)
                heapq.heapify(self.state.steps)
            return step

    def post_form(
        self,
        account_sid: str,
        url: str,
        form: dict[str, str],
        method: str = "POST",
        *,
        fallback_url: str = "",
        about: str = "",
    ) -> None:
        """Put a form callback on the agenda, unless the URL is empty. Blank parameters are sent too."""
        if url:
            self._owe(
                Callback(
                    new_sid("PO"),
                    account_sid,
                    url,
                    method or "POST",
                    self.now(),
                    form=list(form.items()),
                    fallback_url=fallback_url,
                    about=about,
                )
            )

    def post_json(
        self, account_sid: str, url: str, body: dict[str, object] | list[dict[str, object]], fallback_url: str = ""
    ) -> None:
        """Put a JSON callback on the agenda."""
        text = json.dumps(body)
        self._owe(
            Callback(new_sid("PO"), account_sid, url, "POST", self.now(), json_body=text, fallback_url=fallback_url)
        )

    def _owe(self, post: Callback) -> None:
        self.state.posts[post.sid] = post
        self.later(StepKind.POST, post.sid)
