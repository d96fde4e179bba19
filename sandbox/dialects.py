"""The dialects of all carriers: what the parts that know no protocol ask them."""

from sandbox.calls.dialect import CallDialect
from sandbox.exchange import Exchange
from sandbox.inventory import Inventory
from sandbox.records import Carrier
from sandbox.telnyx.call_words import TexmlCalls
from sandbox.telnyx.text_events import TextEvents
from sandbox.texting.dialect import Dialect
from sandbox.twilio.call_words import TwilioCalls
from sandbox.twilio.text_callbacks import TextCallbacks


def of_texts(exchange: Exchange, inventory: Inventory, events: TextEvents) -> dict[Carrier, Dialect]:
    """The dialect of each carrier in texts."""
    return {Carrier.TWILIO: TextCallbacks(exchange, inventory), Carrier.TELNYX: events}


def of_calls(exchange: Exchange, inventory: Inventory) -> dict[Carrier, CallDialect]:
    """The dialect of each carrier in calls."""
    return {Carrier.TWILIO: TwilioCalls(), Carrier.TELNYX: TexmlCalls(exchange, inventory)}
