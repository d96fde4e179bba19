"""Workspaces that a platform opens for its customers."""

from typing import Any

from marshmallow import RAISE, fields, validate

from service.accounts.api_keys import Scope, make_key
from service.accounts.models import Member
from service.accounts.platforms import open_for_customer, opened_by, opened_for_customer
from service.accounts.signup import Newcomer
from service.api.operations import Area, Caller
from service.api.paging import PageQuery, page_of, read_id, written
from service.api.rates import DRAFTS
from service.api.values import Answer, moment
from service.language import Language
from service.web.shell.context import services
from service.web.shell.fields import Typed, area_code, email, text, zone
from service.web.shell.form import FormSchema

area = Area("workspaces", __name__, description="Workspaces that a platform opens for its customers.")

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
