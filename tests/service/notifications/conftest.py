"""A project with a contact, and the platform's own number held at the carrier."""

import pytest
from sqlalchemy import select

from service.accounts.models import Workspace
from service.language import Language
from service.lines.models import Line
from service.notifications.models import Notification
from service.notifications.notices import Submitted
from service.notifications.notify import Recipient, notify
from service.notifications.previews import ABOUT, sample
from service.porting.models import PortProject
from service.proven_numbers import prove

ALICE, ALICES_MAIL = "+14155550123", "alice@example.com"


@pytest.fixture
def platform(services, set_up):
    """The platform's number, routed to us."""
    return services.settings.platform_number


@pytest.fixture
def project_id(services, platform):
    with services.sessions.begin() as session:
        workspace = Workspace(name="Bright Dental")
        session.add(workspace)
        session.flush()
        line = Line(workspace_id=workspace.id, name="Main")
        session.add(line)
        session.flush()
        project = PortProject(workspace_id=workspace.id, line_id=line.id)
        session.add(project)
        session.flush()
        return project.id


@pytest.fixture
def notify_alice(services, project_id):
    """Notify Alice in a transaction of its own."""

    def notifying(notice=Submitted, *, version="1", number=ALICE, email=ALICES_MAIL, about=ABOUT, **facts):
        with services.sessions.begin() as session:
            workspace_id = session.get_one(PortProject, project_id).workspace_id
            if number:
                prove(session, workspace_id, number)
            recipient = Recipient(project_id, workspace_id, Language.ENGLISH, number, email)
            notify(session, services, recipient, about, sample(notice, **facts), version)

    return notifying


@pytest.fixture
def notifications(services):
    """The rows of a channel."""

    def rows(channel):
        with services.sessions.begin() as session:
            return list(session.scalars(select(Notification).where(Notification.channel == channel)))

    return rows


@pytest.fixture
def texts(world):
    """The texts on Alice's phone."""
    return lambda number=ALICE: [text.body for text in world.phone(number).texts]
