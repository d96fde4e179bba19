"""Changing a line's call plan in a member's name: changes are made one after the other, and logged."""

from collections.abc import Callable, Collection

from sqlalchemy.orm import Session

from service.accounts.change_log import Action, differences, note
from service.accounts.models import Member
from service.calls.changing import keep, put_back
from service.calls.nodes import Plan
from service.calls.queries import plan_of
from service.lines.models import Line
from service.web.lines.forms import logged
from service.web.lines.node_forms import Changed


def change_plan(
    session: Session,
    changer: Member,
    line: Line,
    change: Callable[[Plan], Changed],
    *,
    countries: Collection[str],
    node: str = "",
) -> Changed:
    """Change the plan of a line under a lock. Raises as `keep` does, whose `node` and `countries` these are."""
    session.refresh(line, with_for_update=True)
    before = plan_of(session, line.id)
    done = change(before)
    keep(session, line, done.plan, node=node, countries=countries)
    _note(session, changer, line, before, Action.CALL_PLAN_CHANGED)
    return done


def put_plan_back(session: Session, changer: Member, line: Line, countries: Collection[str]) -> None:
    """Restore the plan from before the last change. Raises as `put_back` does."""
    before = plan_of(session, line.id)
    put_back(session, line, countries)
    _note(session, changer, line, before, Action.CALL_PLAN_PUT_BACK)


def _note(session: Session, changer: Member, line: Line, before: Plan, action: Action) -> None:
    """Log who changed the plan. Switching the recording is logged as an action of its own."""
    after = plan_of(session, line.id)
    switched = after.recorded is not before.recorded
    note(
        session,
        workspace_id=line.workspace_id,
        user_id=changer.user_id,
        action=Action.RECORDING_SWITCHED if switched else action,
        subject=line.name,
        details={"line": line.id, **differences(logged(before), logged(after))},
    )
