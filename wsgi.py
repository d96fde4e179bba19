"""What a WSGI server runs: settings → services → app."""

from service.app import create_app
from service.config import stopping_on_wrong_settings
from service.connections import Process
from service.wiring import wire

with stopping_on_wrong_settings():
    services = wire(Process.WEB)
app = create_app(services)
