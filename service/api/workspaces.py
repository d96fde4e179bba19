"""Workspaces that a platform opens for its customers."""

from typing import Any, Final

from marshmallow import RAISE, fields, validate
from sqlalchemy.orm import Session

from service.accounts.api_keys import Scope, make_key
from service.accounts.models import Member
from service.accounts.platforms import open_for_customer, opened_by, opened_for_customer, opened_so_far, platform_owned
from service.accounts.signup import Newcomer
from service.api.operations import Area, Caller
from service.api.paging import PageQuery, page_of, read_id, written
from service.api.rates import DRAFTS
from service.api.values import Answer, moment
from service.brands import LONGEST, Platform
from service.language import Language
from service.web.shell.context import services
from service.web.shell.fields import Typed, area_code, email, text, zone
from service.web.shell.form import FormSchema

area = Area("workspaces", __name__, description="Workspaces that a platform opens for its customers.")

MOST_FRAMES: Final = 10
"""Origins whose pages may show an embedded one."""

NAME: Final = rf"(?!.* $)(?! )[A-Za-z0-9ÄÅÖØÑÜÉÆäåöøñüæéàèìòù&'. -]{{0,{LONGEST}}}\Z"
"""Letters of GSM 03.38: any other would make each text twice as dear."""

ORIGIN: Final = r"https://([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}(:[0-9]{2,5})?\Z"

_FOR_OTHERS = tuple(scope for scope in Scope if scope is not Scope.WORKSPACES)


class OpenedAnswer(Answer):
    """A workspace that the platform opened. While it is paused nothing leaves it: an operator looks at it first."""

    id = fields.Integer(attribute="workspace.id")
    name = fields.String(attribute="workspace.name")
    email = fields.String(attribute="user.email", metadata={"description": "Its owner’s."})
    created_at = moment("workspace.made_at")
    paused_at = moment("workspace.paused_at")


class KeyAnswer(OpenedAnswer):
    """A workspace with the key for it, which is shown this once."""

    key = fields.String()


class PlatformAnswer(Answer):
    """A platform: its brand, and what was agreed on for all workspaces that it opens; null: no limit of its own."""

    name = fields.String(metadata={"description": "What pages, mails and texts call the service; empty: our name."})
    domain = fields.String(allow_none=True, metadata={"description": "Where its people reach us; an operator sets it."})
    frames = fields.List(fields.String(), metadata={"description": "Origins whose pages may show an embedded page."})
    workspaces = fields.Integer(metadata={"description": "How many it has opened."})
    most_workspaces = fields.Integer(attribute="most")
    most_numbers = fields.Integer(allow_none=True)
    most_texts_a_day = fields.Integer(attribute="most_texts", allow_none=True)


class BrandChange(FormSchema):
    """What a platform sets itself."""

    class Meta:
        """Marshmallow's own settings."""

        unknown = RAISE

    name = fields.String(required=True, validate=validate.Regexp(NAME))
    frames = fields.List(
        fields.String(validate=validate.Regexp(ORIGIN)), required=True, validate=validate.Length(max=MOST_FRAMES)
    )


class NewWorkspace(FormSchema):
    """A customer: the business, and the person who owns the workspace."""

    class Meta:
        """Marshmallow's own settings."""

        unknown = RAISE

    name = Typed(text, required="Enter your business name.")
    email = Typed(email, longest=255, required="Enter an email address like name@example.com.")
    person = Typed(text)
    language = fields.Enum(Language, by_value=True, load_default=Language.ENGLISH)
    zone = Typed(zone, longest=50)
    area = Typed(area_code)
    spend_per_day = fields.Integer(
        strict=True,
        load_default=None,
        validate=validate.Range(0, 1_000_000),
        metadata={"description": "What its calls and texts may cost on a day, in the currency of the price list."},
    )
    scopes = fields.List(
        fields.Enum(Scope, by_value=True, validate=validate.OneOf(_FOR_OTHERS)),
        load_default=_FOR_OTHERS,
        validate=validate.Length(1, len(_FOR_OTHERS)),
        metadata={"description": "What the key may do; everything but opening workspaces if left out."},
    )


@area.operation("GET", "/platform", PlatformAnswer, scope=Scope.WORKSPACES)
def platform(caller: Caller) -> dict[str, Any]:
    """Get the platform that the workspace of the key is."""
    return _described(caller.session, platform_owned(caller.session, caller.member))


@area.operation("PUT", "/platform", PlatformAnswer, scope=Scope.WORKSPACES, body=BrandChange)
def brand(caller: Caller, wanted: dict[str, Any]) -> dict[str, Any]:
    """Set what its customers' pages, mails and texts call the service, and which sites may embed pages."""
    changed = platform_owned(caller.session, caller.member)
    changed.name, changed.frames = wanted["name"], wanted["frames"]
    return _described(caller.session, changed)


@area.operation("GET", "/workspaces", page_of(OpenedAnswer, "OpenedPage"), scope=Scope.WORKSPACES, query=PageQuery)
def listing(caller: Caller, query: dict[str, Any]) -> dict[str, Any]:
    """List the workspaces that the platform opened."""
    after, limit = read_id(query["cursor"]), query["limit"]
    found = opened_by(caller.session, caller.member, after, limit + 1)
    last = found[limit - 1].workspace_id if len(found) > limit else 0
    return {"data": found[:limit], "next_cursor": written(last)}


@area.operation("GET", "/workspaces/<int:workspace_id>", OpenedAnswer, scope=Scope.WORKSPACES, tagged=True)
def show(caller: Caller, workspace_id: int) -> Member:
    """Get a workspace that the platform opened."""
    return opened_for_customer(caller.session, caller.member, workspace_id)


@area.operation(
    "POST",
    "/workspaces",
    KeyAnswer,
    scope=Scope.WORKSPACES,
    status=201,
    body=NewWorkspace,
    limits=DRAFTS,
    secret=True,
)
def add(caller: Caller, wanted: dict[str, Any]) -> dict[str, Any]:
    """Open a workspace for a customer, with a number as soon as one may be bought.

    Its owner signs in with a code that is mailed to them. The key works in their name, until they revoke it.
    """
    newcomer = Newcomer(
        email=wanted["email"],
        business=wanted["name"],
        name=wanted["person"],
        language=wanted["language"],
        zone=wanted["zone"],
        area=wanted["area"],
    )
    owner = open_for_customer(caller.session, services(), caller.member, newcomer, wanted["spend_per_day"])
    key = make_key(caller.session, owner, caller.member.workspace.name[:60], wanted["scopes"])
    return {"workspace": owner.workspace, "user": owner.user, "key": key}


def _described(session: Session, platform: Platform) -> dict[str, Any]:
    names = ("name", "domain", "frames", "most", "most_numbers", "most_texts")
    return {name: getattr(platform, name) for name in names} | {"workspaces": opened_so_far(session, platform)}
