"""How the sandbox reaches us: past proxies and stored passwords, with the certificates that the environment trusts."""

import os

import requests


def direct_session() -> requests.Session:
    """A session that takes nothing from the environment but `REQUESTS_CA_BUNDLE`, for addresses with a private CA."""
    session = requests.Session()
    session.trust_env = False
    session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
    return session
