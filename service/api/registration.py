"""How far the workspace is registered for texts to the United States."""

from typing import Any

from marshmallow import fields

from service.accounts.api_keys import Scope
from service.api.operations import Area, Caller
from service.api.values import Answer, moment
from service.registration.standing import State, standing

area = Area("registration", __name__, description="How far the workspace is registered for texts to the United States.")


class ObjectionAnswer(Answer):
    """Why it was refused. What is wrong is corrected on the page of the registration."""

    code = fields.String(metadata={"description": "The carrier’s."})
    field = fields.String(metadata={"description": "The answer that was wrong; empty if it is not known."})
    text = fields.String(metadata={"description": "The carrier’s own words; empty for those that we have words for."})


class RegistrationAnswer(Answer):
    """Where the registration of the business and of what it texts stands."""

    state = fields.String(metadata={"description": ", ".join(f"`{state}`" for state in State)})
    since = moment()
    objections = fields.List(fields.Nested(ObjectionAnswer))


@area.operation("GET", "/registration", RegistrationAnswer, scope=Scope.NUMBERS_READ)
def show(caller: Caller) -> Any:  # noqa: ANN401 -- written as it stands
    """Get where the registration for texts stands. Toll-free numbers are verified one by one, on their pages."""
    return standing(caller.session, caller.workspace_id)
