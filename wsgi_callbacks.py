"""What a WSGI server runs for callbacks and ringing calls alone, so that no page ever keeps them waiting."""

from service.app import create_callback_app
from service.connections import Process
from service.wiring import wire

app = create_callback_app(wire(Process.WEB))
