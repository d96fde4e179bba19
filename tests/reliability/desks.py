"""What the people at each carrier and at old operators do about an order, as random runs ask for it."""

from datetime import timedelta
from functools import partial

from provisioning.carriers import telnyx
from sandbox.errors import OutOfTurn
from sandbox.telnyx.port_scenarios import EXCEPTIONS
from service.wiring import addresses_with
from tests.provisioning.rehearsal import AT_TELNYX


def at_telnyx(to_carrier, settings, world, clock):
    """The second carrier alone, which works while we wait for it."""

    def wait(seconds):
        clock.jump(timedelta(seconds=seconds))
        world.run_due()

    address = partial(addresses_with(settings), "telnyx")
    return {"telnyx": telnyx.build(AT_TELNYX, to_carrier, address=address, pause=wait)}


class TwilioDesk:
    """The carrier has its own letter signed, and completes, rejects and cancels each number of an order by itself."""

    ENDINGS = (2000, 2001, 2156, 3155, 4101, 4102, 4103, 4201, 4202, 4205, 4206, 4403)
    CODES = range(22150, 22160)
    LOG_TELLS = True

    def __init__(self, world, journey):
        self._world, self._journey = world, journey

    def sign(self, number):
        self._world.sign(number, "Alice Baker")

    def accept(self, number):
        self._world.accept(number)

    def move_date(self, number, moment):
        self._world.move_date(number, moment)

    def withdraw_date(self, number):
        self._world.withdraw_date(number)

    def reject(self, number, code):
        self._world.reject(number, number, code)

    def complete(self, number):
        self._world.complete(number)

    def complete_one(self, number):
        self._world.complete(number, number)

    def cancel_one(self, number):
        self._world.cancel_number(number, number)

    def answer_cancel(self, number, *, granted):
        (self._world.grant_cancel if granted else self._world.refuse_cancel)(number)

    def let_the_signature_expire(self, number):
        self._world.expire(number)


class TelnyxDesk:
    """The carrier takes our letter, treats an order as a whole, and splits off a number that goes another way."""

    ENDINGS = (2000, 2001, 2156, 3155, 2175, 4210, 4213, 4501, 4502, 4503, 4505, 4506)
    CODES = tuple(code for codes in EXCEPTIONS.values() for code in codes)[:10]
    LOG_TELLS = False
    LETTERS_LAST = timedelta(days=31)

    def __init__(self, world, journey):
        self._world, self._journey = world, journey
        self._acts = world.orders_other_side

    def sign(self, _number):
        self._journey.sign_letters()

    def accept(self, number):
        self._acts.accept(number)

    def move_date(self, number, moment):
        self._acts.move_date(number, moment)

    def withdraw_date(self, number):
        self._acts.withdraw_date(number)

    def reject(self, number, code):
        self._acts.object(number, [code])

    def complete(self, number):
        self._acts.complete(number)

    def complete_one(self, number):
        self._split_off(number)
        self._acts.complete(number)

    def cancel_one(self, number):
        self._split_off(number)

    def answer_cancel(self, number, *, granted):
        self._acts.answer_cancel(number, granted=granted)

    def let_the_signature_expire(self, _number):
        self._journey.clock.jump(self.LETTERS_LAST)

    def _split_off(self, number):
        if len(self._acts.find(number).numbers) == 1:
            raise OutOfTurn(f"{number} is alone.")
        self._acts.split(number, [number])


DESKS = {"twilio": TwilioDesk, "telnyx": TelnyxDesk}
