"""A worker dies at every named point of every kind of effect: nothing is missing afterwards, and nothing is doubled."""

import pytest
from sqlalchemy import select

from reliability.audit import doubled, unexplained
from service.inbox import contacts, writing
from service.ledger.models import Effect, EffectKind, Progress
from service.ledger.promises import owe
from service.lines.models import Line, PhoneNumber
from service.notifications.effects import tell
from service.notifications.models import Message
from service.porting import projects
from service.porting.models import PortProject
from service.time import now
from tests.conftest import PLATFORM_NUMBER
from tests.factories import CALLER, CUSTOMER, a_line
from tests.reliability.deaths import Point


def buy_number(stage, journey):
    with stage.services.sessions.begin() as session:
        a_line(session, stage.services, area="212")


def file_port(stage, journey):
    journey.ask(projects.submit)


def send_text_and_mail(stage, journey):
    with stage.services.sessions.begin() as session:
        tell(
            session,
            stage.services,
            project_id=journey.project_id,
            message=Message.DONE,
            version="done",
            language=session.get_one(PortProject, journey.project_id).language,
            number=CUSTOMER,
            email="alice@bakery.example",
            facts={
                "numbers": ["+12125552000"],
                "temporary": "",
                "link": "http://localhost:8000/ports/1",
                "zone": "America/New_York",
                "done_at": now().isoformat(),
            },
        )


def send_message(stage, journey):
    with stage.services.sessions.begin() as session:
        line = session.get_one(Line, journey.line_id)
        writing.write(session, contacts.conversation_with(session, line, CALLER), "On our way", None)


WANTING = {
    EffectKind.BUY_NUMBER: buy_number,
    EffectKind.FILE_PORT: file_port,
    EffectKind.SEND_TEXT: send_text_and_mail,
    EffectKind.SEND_MESSAGE: send_message,
    EffectKind.SEND_MAIL: send_text_and_mail,
}
# calls that somebody waits for at a phone; late they are not made at all, which their own tests hold them to
AT_MOST_ONCE = {EffectKind.PLACE_CALL, EffectKind.PROVE_NUMBER}


@pytest.fixture
def journey(stage):
    """A customer with a working number and a draft that could be sent."""
    journey = stage.begin_anew()
    journey.sign_up()
    journey.draft("+12125552000")
    return journey


def effects(stage, kind):
    with stage.services.sessions() as session:
        return list(session.scalars(select(Effect).where(Effect.kind == kind).order_by(Effect.id)))


def books_of_the_carrier_and_ours(stage):
    with stage.services.sessions() as session:
        return unexplained(session, stage.world.state, PLATFORM_NUMBER)


@pytest.mark.parametrize("point", list(Point))
@pytest.mark.parametrize("kind", [kind for kind in EffectKind if kind not in AT_MOST_ONCE])
def test_an_effect_whose_worker_died_is_done_once_all_the_same(stage, journey, kind, point):
    stage.deaths.arm(point, kind)
    WANTING[kind](stage, journey)
    stage.hands()
    assert stage.deaths.struck
    stage.good_hours()
    assert effects(stage, kind)[-1].progress is Progress.DONE
    assert doubled(stage.world.state) == []
    assert books_of_the_carrier_and_ours(stage) == []


@pytest.mark.parametrize("point", list(Point))
def test_a_letter_that_had_to_go_out_again_is_known_by_its_id(stage, journey, point):
    stage.deaths.arm(point, EffectKind.SEND_MAIL)
    send_text_and_mail(stage, journey)
    stage.hands()
    stage.good_hours()
    sent = {letter.message_id for letter in stage.mailbox.letters if letter.to == "alice@bakery.example"}
    assert len(sent) == len(effects(stage, EffectKind.SEND_MAIL)) == 1


def test_a_message_that_was_sent_is_found_even_if_its_recipient_wants_no_more_since(stage, journey):
    stage.deaths.arm(Point.AFTER_CALL, EffectKind.SEND_MESSAGE)
    send_message(stage, journey)
    stage.hands()
    stage.world.text(CALLER, journey.numbers()[0].number, "STOP")
    stage.good_hours()
    assert effects(stage, EffectKind.SEND_MESSAGE)[0].progress is Progress.DONE
    assert books_of_the_carrier_and_ours(stage) == []


def test_a_number_is_bought_once_for_a_line_that_is_owed_one_twice(stage, journey):
    with stage.services.sessions.begin() as session:
        row = session.scalars(select(PhoneNumber)).first()
        owe(session, EffectKind.BUY_NUMBER, row.id)
    stage.good_hours()
    assert len(effects(stage, EffectKind.BUY_NUMBER)) == 1
    assert books_of_the_carrier_and_ours(stage) == []
