"""Forms for signing up and signing in, and for what this browser is to be like."""

from typing import Final

from marshmallow import fields

from service.web.shell.appearance import Theme
from service.web.shell.fields import Typed, email, place, telephone, text, zone
from service.web.shell.form import FormSchema

_YOUR_ADDRESS: Final = "Enter your email."


class SignUpForm(FormSchema):
    """A sign-up: the address, the business, and where its number is wanted.

    `bringing` is the number to bring along that was typed before, where its country has no numbers for sale. `solution`
    is the browser's, where a challenge was asked of it.
    """

    email = Typed(email, longest=255, required=_YOUR_ADDRESS)
    business = Typed(text, required="Enter your business name.")
    near = Typed(place)
    bringing = Typed(telephone)
    solution = Typed(text, longest=4000)
    zone = Typed(zone)


class SignInForm(FormSchema):
    """The address that a sign-in code is mailed to."""

    email = Typed(email, longest=255, required=_YOUR_ADDRESS)


class CodeForm(FormSchema):
    """The code from the mail, with or without blanks."""

    code = Typed(text, longest=20, required="Enter the six digits from the email.")


class SecondStepForm(FormSchema):
    """The digits that an authenticator app shows, or a recovery code."""

    digits = Typed(text, longest=40, required="Enter the six digits from your app, or a recovery code.")


class AppForm(FormSchema):
    """The digits that an authenticator app shows first."""

    digits = Typed(text, longest=20, required="Enter the six digits that the app shows.")


class PasskeyForm(FormSchema):
    """A passkey's name."""

    name = Typed(text, longest=60, required="Enter a name.")


class BrowserForm(FormSchema):
    """What pages are like in this browser, as `appearance.py` has it; whether Enter sends, everywhere."""

    theme = fields.Enum(Theme, by_value=True, required=True)
    shortcuts = fields.Boolean(load_default=False)
    sound = fields.Boolean(load_default=False)
    desktop_notices = fields.Boolean(load_default=False)
    enter_sends = fields.Boolean(load_default=False)
