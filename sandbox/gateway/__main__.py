"""Serves the gateway: `python -m sandbox.gateway` (settings in README.md)."""

import os

from aiohttp import web

from sandbox.gateway.carrier import Carrier
from sandbox.gateway.certificate import context
from sandbox.gateway.signalling import Gateway
from sandbox.outgoing import direct_session


def main() -> None:
    """Serve pages until stopped."""
    sandbox = os.environ.get("SANDBOX_PUBLIC_URL", "http://127.0.0.1:8001")
    session = direct_session()
    app = Gateway(Carrier(session, sandbox)).app()
    host, port = os.environ.get("SANDBOX_HOST", "127.0.0.1"), int(os.environ.get("GATEWAY_PORT", "8003"))
    web.run_app(app, host=host, port=port, ssl_context=context(), print=None, access_log=None)


if __name__ == "__main__":
    main()
