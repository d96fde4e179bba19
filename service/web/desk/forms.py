"""The forms of our own staff."""

from service.web.shell.fields import CHOOSE, Id, Typed, day, reason, status, telephone, telephones, text
from service.web.shell.form import FormSchema


class AnswerForm(FormSchema):
    """An old operator's answer about numbers of an order filed by hand."""

    status = Typed(status, required=CHOOSE)
    numbers = Typed(telephones, longest=40_000, required="Choose numbers of this order.")
    day = Typed(day)
    reasons = Typed(reason)
    network = Typed(text, longest=32)


class AssignForm(FormSchema):
    """Who at the desk gets the selected transfers; 0 is nobody."""

    assignee = Id(CHOOSE)


class PlanForm(FormSchema):
    """What is done next with the selected transfers, and when."""

    next_step = Typed(text, longest=200)
    next_on = Typed(day)


class ViewForm(FormSchema):
    """The name of a saved view."""

    name = Typed(text, longest=60, required="Enter a name.")


class PortOutForm(FormSchema):
    """A request of another operator for a number of ours, and the day on which the number is to leave."""

    number = Typed(telephone, required="Enter the number.")
    operator = Typed(text)
    leaves_on = Typed(day)
