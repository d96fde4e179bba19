"""What the desk asks a transfer's customer: a sentence, and the answers of the form that they are to give again.

It is answered on the page where rejections are corrected. There is one open question of a transfer at a time.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from service.accounts.models import User
from service.desk.comments import checked
from service.desk.correspondence import DeskQuestion
from service.desk.customer_mail import mail_desk_question
from service.desk.log import DeskAct, write_down
from service.desk.messages import alert_desk
from service.errors import Conflict, Invalid
from service.porting.models import PortProject
from service.porting.needs import asked
from service.porting.states import FINAL
from service.time import now


def askable_of(project: PortProject) -> list[str]:
    """The names of the questions that a customer can be asked again."""
    return list(asked(project))


def ask_customer(session: Session, project: PortProject, asker: User, text: str, fields: Iterable[str]) -> None:
    """Ask the customer, who is mailed the link to answer. It takes the place of a question that is open.

    Raises:
        Invalid: on `question`, if the sentence is empty, too long or contains a secret; on `fields`, if there is none.
        Conflict: the transfer has ended.
    """
    chosen = [name for name in askable_of(project) if name in set(fields)]
    if not chosen:
        raise Invalid({"fields": ["Choose what to ask for."]})
    if all(number.state in FINAL for number in project.numbers):
        raise Conflict("This transfer has ended.")
    sentence = checked(project, "question", text)
    session.refresh(project, with_for_update=True)  # who asks at the same moment is next, and replaces this question
    _close(session, project, taken_back_at=now())
    question = DeskQuestion(project_id=project.id, asker_id=asker.id, text=sentence, fields=chosen)
    session.add(question)
    session.flush()
    write_down(session, project, asker.id, DeskAct.ASKED, fields=chosen)
    mail_desk_question.defer(session, question_id=question.id)


def take_question_back(session: Session, project: PortProject, by: int) -> None:
    """Take the open question back. Raises `Conflict` if there is none."""
    if not _close(session, project, taken_back_at=now()):
        raise Conflict("There’s no open question.")
    write_down(session, project, by, DeskAct.TOOK_QUESTION_BACK)


def note_answer(session: Session, project: PortProject, by: int) -> bool:
    """Take the open question as answered by a person, and alert the desk. Returns whether there was one."""
    if not _close(session, project, answered_at=now(), answered_by=by):
        return False
    alert_desk(session, project)
    return True


def open_question(session: Session, project: PortProject) -> DeskQuestion | None:
    """The question that waits for the customer, if any."""
    return session.scalar(select(DeskQuestion).where(*_open(project)))


def open_questions(session: Session, projects: Collection[PortProject]) -> dict[int, DeskQuestion]:
    """The questions that wait for the customers of these transfers, by the project's id."""
    ids = [project.id for project in projects]
    rows = select(DeskQuestion).where(DeskQuestion.project_id.in_(ids), *_NOBODY_DID)
    return {question.project_id: question for question in session.scalars(rows)}


def _close(session: Session, project: PortProject, **how: object) -> bool:
    closed = update(DeskQuestion).where(*_open(project)).values(**how).returning(DeskQuestion.id)
    return session.scalar(closed) is not None


def _open(project: PortProject) -> tuple[ColumnElement[bool], ...]:
    return (DeskQuestion.project_id == project.id, *_NOBODY_DID)


_NOBODY_DID = (DeskQuestion.answered_at.is_(None), DeskQuestion.taken_back_at.is_(None))
