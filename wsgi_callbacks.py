"""What a WSGI server runs for callbacks and ringing calls alone, so that no page ever keeps them waiting."""

from service.app import create_callback_app
from service.config import stopping_on_wrong_settings
from service.connections import Process
from service.wiring import wire

with stopping_on_wrong_settings():
    services = wire(Process.WEB)
app = create_callback_app(services)
