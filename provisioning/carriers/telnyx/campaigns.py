"""What businesses text, as campaigns (https://developers.telnyx.com/docs/messaging/10dlc/campaign-registration).

The carrier has no pool that can be opened before a campaign is reviewed. A messaging profile of its own stands for it:
its name bears our tag and, once there is one, the campaign. No number texts by that profile.
"""

from collections.abc import Mapping
from typing import Final

from provisioning.carriers.telnyx.client import Client, understood
from provisioning.carriers.telnyx.json_parts import Json, id_of, text_of
from provisioning.carriers.telnyx.objections import objections_in
from provisioning.carriers.telnyx.targets import EVERYWHERE, PROFILES
from provisioning.contract.errors import Conflict, NotFound, Refused
from provisioning.contract.registration import BusinessKind, Entered, Program, Registered, Stage

CAMPAIGNS: Final = "/10dlc/campaign"
STAGES: Final[Mapping[str, Stage]] = {
    "MNO_PROVISIONED": Stage.APPROVED,
    "TCR_FAILED": Stage.REFUSED,
    "TELNYX_FAILED": Stage.REFUSED,
    "MNO_REJECTED": Stage.REFUSED,
    "MNO_PROVISIONING_FAILED": Stage.REFUSED,
    "TCR_SUSPENDED": Stage.SUSPENDED,
    "TCR_EXPIRED": Stage.GONE,
}
USE_CASES: Final = {
    BusinessKind.LOW_VOLUME: "LOW_VOLUME",
    BusinessKind.STANDARD: "MIXED",
    BusinessKind.SOLE_PROPRIETOR: "SOLE_PROPRIETOR",
}
PARTS_OF_USE: Final = {"LOW_VOLUME": ["CUSTOMER_CARE", "ACCOUNT_NOTIFICATION"]}
PARTS_OF_USE["MIXED"] = PARTS_OF_USE["LOW_VOLUME"]

LONGEST_NAME: Final = 100
MARK: Final = "campaign="
SAMPLES: Final = 5


class Campaigns:
    """Opens pools and has their campaigns reviewed. `shared` is the campaign of the installation, "" without one."""

    def __init__(self, client: Client, shared: str = "") -> None:
        self._client = client
        self._shared = shared

    def open(self, name: str, tag: str) -> str:
        """The profile with this tag: the one that there is, or a new one."""
        named = self._client.fetch_each(PROFILES, {"name][contains": tag})
        there = next((one for one in named if _tag_of(one) == tag), None)
        if there is None:
            body = {"name": f"{name[:LONGEST_NAME]} {tag}", "whitelisted_destinations": EVERYWHERE}
            there = self._client.create(PROFILES, body)
        return id_of(there, "id")

    def opened(self) -> list[Entered]:
        """Every profile that is no number's, with its tag."""
        found = self._client.fetch_each(PROFILES)
        return [Entered(id_of(one, "id"), _tag_of(one)) for one in found if not text_of(one, "name").startswith("+")]

    def of_pool(self, pool: str) -> Json | None:
        """The campaign of a pool, "" for that of the installation; None without one. Raises `NotFound`."""
        campaign = self._named_by(self._pool(pool)) if pool else self._shared
        if not campaign:
            return None
        try:
            named = self._client.ask("GET", f"{CAMPAIGNS}/{campaign}")
        except NotFound:
            return None
        return self._successor(pool, named) if pool and stage_of(named) is Stage.GONE else named

    def state(self, pool: str) -> Registered | None:
        """Where the campaign of a pool stands; None without one."""
        campaign = self.of_pool(pool)
        if campaign is None:
            return None
        word, stage = _word_of(campaign), stage_of(campaign)
        refused = stage is Stage.REFUSED
        found = objections_in(word, campaign.get("failureReasons") or "The carrier gave no reason.") if refused else ()
        return Registered(pool, stage, found, word)

    def enter(self, pool: str, brand: str, kind: BusinessKind, program: Program, news_url: str) -> None:
        """Submit the campaign of a pool, unless one bears the pool's id, and have its profile name it."""
        profile, there = self._pool(pool), self._under(brand, pool)
        use = USE_CASES[kind]
        campaign = there[0] if there else self._create(pool, brand, use, program, news_url, number=1)
        self._name(profile, campaign)

    def mend(self, pool: str, program: Program) -> None:
        """Change the campaign and appeal. What cannot be changed in it is submitted anew, and it is ended."""
        campaign = self.of_pool(pool)
        if campaign is None:
            raise NotFound("the pool has no campaign")
        if not _can_be_changed(campaign, program) or not self._appeal(campaign, program):
            self._replace(pool, campaign, program)

    def _appeal(self, campaign: Json, program: Program) -> bool:
        """Whether it was changed and taken up again, which the carrier grants after some refusals alone."""
        there = f"{CAMPAIGNS}/{id_of(campaign, 'campaignId')}"
        try:
            self._client.ask("PUT", there, json=_changeable(program))
            self._client.ask("POST", f"{there}/appeal", json={"appeal_reason": "What was refused is corrected."})
        except (Refused, Conflict):
            return False
        return True

    def _replace(self, pool: str, refused: Json, program: Program) -> None:
        """Submit another campaign, unless one was after this one, end this one, and have the profile name the other."""
        brand, before = text_of(refused, "brandId"), id_of(refused, "campaignId")
        there = self._under(brand, pool)
        if there and there[0]["campaignId"] != before:
            another = there[0]
        else:
            use, news_url = text_of(refused, "usecase"), str(refused.get("webhookURL") or "")
            another = self._create(pool, brand, use, program, news_url, number=_number_of(refused) + 1)
        self._end(before)
        self._name(self._pool(pool), another)

    def _end(self, campaign: str) -> None:
        try:
            self._client.delete(f"{CAMPAIGNS}/{campaign}")
        except (Conflict, Refused):
            return  # ended already, or never begun: it costs nothing

    def _create(self, pool: str, brand: str, use: str, program: Program, news_url: str, *, number: int) -> Json:
        body = _fields(program) | {"brandId": brand, "usecase": use, "webhookURL": news_url}
        body |= {"referenceId": f"{pool}-{number}", "subUsecases": PARTS_OF_USE.get(use, [])}
        return self._client.ask("POST", "/10dlc/campaignBuilder", json=body)

    def _successor(self, pool: str, ended: Json) -> Json:
        """The campaign that took the place of one that has ended, where the profile does not name it yet."""
        return next(iter(self._under(text_of(ended, "brandId"), pool)), ended)

    def _under(self, brand: str, pool: str) -> list[Json]:
        """The campaigns of a brand that bear the id of a pool, the last submitted first."""
        found = self._client.fetch_records(CAMPAIGNS, {"brandId": brand})
        mine = [one for one in found if str(one.get("referenceId") or "").startswith(f"{pool}-")]
        return sorted(mine, key=_number_of, reverse=True)

    def _pool(self, pool: str) -> Json:
        return self._client.fetch(f"{PROFILES}/{pool}")

    def _named_by(self, profile: Json) -> str:
        words = text_of(profile, "name").split()
        return next((word.removeprefix(MARK) for word in words if word.startswith(MARK)), "")

    def _name(self, profile: Json, campaign: Json) -> None:
        """Have the name of a profile end with its campaign."""
        words = [word for word in text_of(profile, "name").split() if not word.startswith(MARK)]
        name = " ".join([*words, f"{MARK}{id_of(campaign, 'campaignId')}"])
        if name != profile["name"]:
            self._client.change(f"{PROFILES}/{id_of(profile, 'id')}", {"name": name})


def stage_of(campaign: Json) -> Stage:
    """Where a campaign stands. Unknown words count as in review."""
    return Stage.GONE if campaign.get("status") == "EXPIRED" else STAGES.get(_word_of(campaign), Stage.IN_REVIEW)


def _word_of(campaign: Json) -> str:
    with understood():
        return text_of(campaign, "campaignStatus")


def _tag_of(profile: Json) -> str:
    """The last word of its name beside the campaign's: our tag, if we opened it."""
    words = [word for word in text_of(profile, "name").split() if not word.startswith(MARK)]
    return words[-1] if words else ""


def _number_of(campaign: Json) -> int:
    """The how many-th of its pool a campaign is, as its reference ends."""
    last = str(campaign.get("referenceId") or "").rpartition("-")[2]
    return int(last) if last.isdecimal() else 0


def _fields(program: Program) -> Json:
    return _changeable(program) | _fixed(program) | _KEYWORDS


def _changeable(program: Program) -> Json:
    samples = program.samples[:SAMPLES]
    return {
        **{f"sample{number}": sample for number, sample in enumerate(samples, start=1)},
        "messageFlow": program.flow,
        "helpMessage": program.help_text,
    }


def _fixed(program: Program) -> Json:
    """What cannot be changed in a campaign that was submitted."""
    return {
        "description": program.description,
        "optoutMessage": program.stop_text,
        "embeddedLink": program.links,
        "embeddedPhone": program.phones,
        "ageGated": program.age_gated,
        "privacyPolicyLink": program.privacy_url,
        "termsAndConditionsLink": program.terms_url,
    }


def _can_be_changed(campaign: Json, program: Program) -> bool:
    return all((campaign.get(name) or "") == (value or "") for name, value in _fixed(program).items())


_KEYWORDS: Final[Json] = {
    "helpKeywords": "HELP,INFO",
    "optoutKeywords": "STOP,STOPALL,UNSUBSCRIBE,CANCEL,END,QUIT",
    "subscriberHelp": True,
    "subscriberOptin": True,
    "subscriberOptout": True,
    "directLending": False,
    "numberPool": False,
    "autoRenewal": True,
    "termsAndConditions": True,
}
