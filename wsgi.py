"""What a WSGI server runs: settings → services → app."""

from service.app import create_app
from service.connections import Process
from service.wiring import wire

app = create_app(wire(Process.WEB))
