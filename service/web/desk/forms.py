"""The form of our own staff."""

from service.web.shell.fields import CHOOSE, Typed, day, reason, status, telephones, text
from service.web.shell.form import FormSchema


class AnswerForm(FormSchema):
    """An old operator's answer about numbers of an order filed by hand."""

    status = Typed(status, required=CHOOSE)
    numbers = Typed(telephones, longest=40_000, required="Choose numbers of this order.")
    day = Typed(day)
    reasons = Typed(reason)
    network = Typed(text, longest=32)
