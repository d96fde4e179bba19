"""The workspace's numbers, and getting further ones."""

from typing import Any

from marshmallow import RAISE, Schema, fields, validate

from service.accounts.access import number_for, numbers_from
from service.accounts.api_keys import Scope
from service.api.operations import Area, Caller
from service.api.paging import PageQuery, by_id, page_of, read_id
from service.api.rates import PURCHASES, SEARCHES
from service.api.values import Answer, e164, identity, moment, number
from service.errors import Conflict, NotFound
from service.lines.choosing import must_have_room
from service.lines.inventory import number_held
from service.lines.models import NumberSearch, PhoneNumber
from service.lines.searching import begin_search, search_of
from service.web.numbers.acts import change_number, give_up, keep_number
from service.web.numbers.forms import SearchForm, sought
from service.web.numbers.searches import buy_found
from service.web.shell.context import services
from service.web.shell.fields import Typed, text

area = Area("numbers", __name__, description="The workspace’s numbers, getting further ones, and giving them up.")


class NumberAnswer(Answer):
    """A number. `number` is empty until one was found; it works once `standing` is `held`."""

    id = fields.Integer()
    number = fields.String()
    name = fields.String()
    line_id = fields.Integer()
    role = fields.String(metadata={"description": "`temporary`, `additional`, `arriving`, `primary` or `retiring`."})
    standing = fields.String(metadata={"description": "`wanted` until it is bought, then `held`."})
    created_at = moment("made_at")
    texts_since = moment()
    ends_at = moment()


class FoundAnswer(Answer):
    """A number for sale."""

    number = fields.String()
    place = fields.String()


class SearchAnswer(Answer):
    """A search for numbers for sale, which is kept for a day. `found` is null until the carrier has answered."""

    id = fields.Integer()
    found = fields.List(fields.Nested(FoundAnswer), allow_none=True)


class NewSearch(SearchForm):
    """What kind of number is wanted, and where."""

    class Meta:
        """Marshmallow's own settings."""

        unknown = RAISE


class NumberChange(Schema):
    """What is left out stays."""

    name = Typed(text, longest=60)
    line_id = identity(about="Where it is moved to.")


class Purchase(Schema):
    """A number that a search found, and the line it is for: one there is, or a new one."""

    search_id = identity(required=True)
    number = number()
    line_id = identity(about="A line there is; a new one if left out.")
    line_name = fields.String(load_default="", validate=validate.Length(max=100))


@area.operation("GET", "/numbers", page_of(NumberAnswer, "NumberPage"), scope=Scope.NUMBERS_READ, query=PageQuery)
def listing(caller: Caller, query: dict[str, Any]) -> dict[str, Any]:
    """List the numbers of the workspace."""
    after, limit = read_id(query["cursor"]), query["limit"]
    return by_id(numbers_from(caller.session, caller.member, after, limit + 1), limit)


@area.operation("GET", "/numbers/<int:number_id>", NumberAnswer, scope=Scope.NUMBERS_READ, tagged=True)
def show(caller: Caller, number_id: int) -> PhoneNumber:
    """Get a number."""
    return number_for(caller.session, caller.member, number_id)


@area.operation(
    "PATCH",
    "/numbers/<int:number_id>",
    NumberAnswer,
    scope=Scope.NUMBERS_WRITE,
    body=NumberChange(partial=True),
    tagged=True,
)
def change(caller: Caller, sent: dict[str, Any], number_id: int) -> PhoneNumber:
    """Name a number, or move it to another line, which new calls and texts go to then."""
    number = _mine(caller, number_id)
    caller.session.refresh(number, with_for_update=True)  # simultaneous changes are made one after the other
    area.check_etag(number, NumberAnswer)
    change_number(caller.session, caller.member, number, sent.get("name", number.name), sent.get("line_id"))
    return number


@area.operation("POST", "/numbers/<int:number_id>/release", NumberAnswer, scope=Scope.NUMBERS_WRITE)
def release(caller: Caller, number_id: int) -> PhoneNumber:
    """Give up a number. It answers until `ends_at`, in a week, and can be kept until then."""
    number = _mine(caller, number_id)
    give_up(caller.session, caller.member, number)
    return number


@area.operation("POST", "/numbers/<int:number_id>/keep", NumberAnswer, scope=Scope.NUMBERS_WRITE)
def stay(caller: Caller, number_id: int) -> PhoneNumber:
    """Keep a number that was to be released."""
    number = _mine(caller, number_id)
    keep_number(caller.session, caller.member, number)
    return number


@area.operation(
    "POST",
    "/number-searches",
    SearchAnswer,
    scope=Scope.NUMBERS_READ,
    status=202,
    body=NewSearch,
    limits=SEARCHES,
)
def search(caller: Caller, wanted: dict[str, Any]) -> dict[str, Any]:
    """Search numbers for sale. The carrier is asked meanwhile: fetch the search to see what it found."""
    member = caller.in_charge()
    must_have_room(caller.session, services(), member.workspace_id)
    return _written(begin_search(caller.session, services(), member.workspace_id, sought(wanted)))


@area.operation("GET", "/number-searches/<int:search_id>", SearchAnswer, scope=Scope.NUMBERS_READ)
def found(caller: Caller, search_id: int) -> dict[str, Any]:
    """Get what a search found."""
    return _written(_search(caller, search_id))


@area.operation(
    "POST",
    "/numbers",
    NumberAnswer,
    scope=Scope.NUMBERS_WRITE,
    status=202,
    body=Purchase,
    limits=PURCHASES,
)
def buy(caller: Caller, wanted: dict[str, Any]) -> PhoneNumber:
    """Get a number that a search found. It costs its monthly price; one that you have already is answered as it is."""
    chosen, member = e164(wanted["number"], "number"), caller.in_charge()
    line = {"line": wanted["line_id"], "name": wanted["line_name"].strip()}
    bought = buy_found(caller.session, member, _search(caller, wanted["search_id"]), chosen, line)
    held = bought or number_held(caller.session, chosen)
    if held is None:
        raise Conflict("This number is being bought already.")
    return held


def _mine(caller: Caller, number_id: int) -> PhoneNumber:
    return number_for(caller.session, caller.in_charge(), number_id)


def _search(caller: Caller, search_id: int) -> NumberSearch:
    search = search_of(caller.session, caller.in_charge().workspace_id, search_id)
    if search is None:
        raise NotFound("This search has expired. Search again.")
    return search


def _written(search: NumberSearch) -> dict[str, Any]:
    offers = [{"number": one, "place": place} for one, place in search.found or ()]
    return {"id": search.id, "found": None if search.found is None else offers}
