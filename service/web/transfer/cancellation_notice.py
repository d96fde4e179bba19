"""The notice that cancels the old service, as a PDF in the customer's language, to be signed and sent."""

from zoneinfo import ZoneInfo

from flask_babel import force_locale, format_date, gettext

from service.cutover.old_service import Ending
from service.paper import blank_paper, printable, unprintable
from service.porting.addresses import place_line
from service.porting.models import PortProject
from service.porting.needs import address_country, operator_of
from service.time import now
from service.web.shell.words import spelled

_MARGIN = 25
_LINE = 6
_BLANK = "_" * 22


def notice_pdf(project: PortProject, ending: Ending) -> bytes:
    """The notice as a PDF of one page."""
    with force_locale(project.language.value):
        paragraphs = _paragraphs(project, ending)
    page = blank_paper(_MARGIN)
    for paragraph in paragraphs:
        page.multi_cell(0, _LINE, _printable(paragraph), new_x="LMARGIN", new_y="NEXT")
        page.ln(_LINE)
    return bytes(page.output())


def _paragraphs(project: PortProject, ending: Ending) -> list[str]:
    place = place_line(project.city, project.region, project.postal_code, address_country(project))
    address = (project.subscriber_name, project.street, project.street2, place)
    sender = "\n".join(line for line in address if line.strip())
    numbers = ", ".join(spelled(number) for number in ending.here)
    paragraphs = [
        sender,
        operator_of(project).name or gettext("To customer service"),
        format_date(now().astimezone(ZoneInfo(project.workspace.zone)).date(), "long"),
        gettext("Cancellation of service"),
        gettext("We have transferred these numbers to another provider: %(numbers)s.", numbers=numbers),
        gettext("Please cancel any remaining service for them at the earliest date and confirm in writing."),
        f"{gettext('Account number')}: {_BLANK}",
    ]
    if ending.left_behind:
        stay = ", ".join(spelled(number) for number in ending.left_behind)
        paragraphs.append(gettext("These numbers stay with you and must not be canceled: %(numbers)s.", numbers=stay))
    closing = [
        gettext("Please send a final bill. We withdraw any authority to collect further amounts."),
        f"{gettext('Signature')}: {_BLANK}",
        project.authorized_person,
    ]
    return [str(one) for one in (*paragraphs, *closing)]


def _printable(text: str) -> str:
    """Replace letters that the font lacks with blanks, to be filled in by hand."""
    gaps = dict.fromkeys(map(ord, unprintable(text)), "_")
    return printable(text).translate(gaps)
