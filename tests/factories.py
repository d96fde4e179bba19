"""People, lines and drafts for tests, made through the same use-cases as in the product."""

from io import BytesIO

from PIL import Image

from service.accounts.models import Workspace
from service.language import Language
from service.lines.inventory import open_line
from service.porting import projects
from service.time import now

CUSTOMER = "+14155552671"
"""The phone of the person we tell."""

CALLER = "+14155550123"
"""Somebody outside."""

GOOD_ACCOUNT_NUMBER = "1000200030"
GOOD_PIN = "4242"


def a_bill():
    """A picture that could be a photo of a bill."""
    picture = BytesIO()
    Image.new("RGB", (60, 80), "white").save(picture, "PNG")
    return picture.getvalue()


def a_line(session, services, *, area="415", language=Language.ENGLISH):
    """A workspace with a line that is owed its temporary number."""
    workspace = Workspace(name="Alice's Bakery", language=language)
    session.add(workspace)
    session.flush()
    return open_line(
        session,
        services,
        workspace_id=workspace.id,
        name="Main line",
        country="US",
        language=language,
        area=area,
    )


def a_draft(session, line, *numbers, **changes):
    """A port project with everything filled in, not sent yet."""
    project = projects.open_project(
        session,
        line=line,
        language=changes.pop("language", Language.ENGLISH),
        contact_number=CUSTOMER,
        contact_email="alice@bakery.example",
    )
    projects.revise(
        session,
        project,
        {
            "subscriber_name": "Alice's Bakery LLC",
            "authorized_person": "Alice Baker",
            "authorized_email": "alice@bakery.example",
            "street": "1 Main Street",
            "city": "San Francisco",
            "region": "CA",
            "postal_code": "94105",
            "agreed_at": now(),
            **changes,
        },
    )
    projects.add_bill(session, project, "bill.png", a_bill())
    for number in numbers:
        projects.add_number(session, project, number)
    return project
