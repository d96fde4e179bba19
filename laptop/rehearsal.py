"""The settings of a rehearsal: generated secrets, and the sandbox as the carrier."""

import base64
import json
import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from laptop.errors import CannotStart

PLATFORM_NUMBER = "+12022367003"


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports on the loopback that the processes listen on."""

    web: int = 8000
    sandbox: int = 8001
    mail: int = 8025
    live: int = 8002

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Ports":
        """The values of the settings below. Raises `CannotStart` for what is no port."""
        usual = cls().by_setting()
        return cls(*(_port(setting, environ.get(setting, str(port))) for setting, port in usual.items()))

    @property
    def pages(self) -> str:
        """The address of the service's pages. Browsers make no passkeys for 127.0.0.1, only for a name."""
        return f"http://localhost:{self.web}"

    @property
    def console(self) -> str:
        """The address of the sandbox: its interface, and its console at `/console`."""
        return f"http://127.0.0.1:{self.sandbox}"

    def by_setting(self) -> dict[str, int]:
        """Each port by the name of its setting."""
        sandbox = {"SANDBOX_PORT": self.sandbox, "SANDBOX_SMTP_PORT": self.mail}
        return {"PORT": self.web, **sandbox, "LIVE_PORT": self.live}


def _port(setting: str, value: str) -> int:
    if not value.isdecimal() or not 0 < int(value) < 65536:  # noqa: PLR2004 -- what TCP has
        raise CannotStart(f"{setting}={value} is no port: name a number from 1 to 65535.")
    return int(value)


def environ(home: Path, database_url: str, ports: Ports) -> dict[str, str]:
    """The settings of all processes, as environment variables: the service's, its carrier's, and the sandbox's."""
    kept = _kept_secrets(home / "secrets.json")
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONUNBUFFERED": "1",
        **past_proxies(os.environ),
        "DATABASE_URL": database_url,
        "DIRECT_DATABASE_URL": "",
        "PUBLIC_BASE_URL": ports.pages,
        "SECRET_KEY": kept["SECRET_KEY"],
        "SEALING_KEYS": kept["SEALING_KEYS"],
        "LIVE_BIND": f"127.0.0.1:{ports.live}",
        "LIVE_URL": f"http://localhost:{ports.live}/live",
        "MAIL_URL": f"smtp://127.0.0.1:{ports.mail}",
        "MEDIA_URL": f"file:{home}/media",
        "PLATFORM_NUMBER": PLATFORM_NUMBER,
        "REHEARSAL_CLOCK": str(home / "clock.json"),
        "GUNICORN_CMD_ARGS": f"--bind 127.0.0.1:{ports.web} --graceful-timeout 2 --log-level warning",
        **_carrier(kept["TWILIO_AUTH_TOKEN"], ports),
        **_gateway(os.environ.get("GATEWAY_PORT", "")),
        **_sandbox(home, kept["TWILIO_AUTH_TOKEN"], ports),
    }


def carrier_token(home: Path) -> str:
    """The secret with which the sandbox is asked in a rehearsal that has been started in `home`."""
    return _kept_secrets(home / "secrets.json")["TWILIO_AUTH_TOKEN"]


def past_proxies(environ: Mapping[str, str]) -> dict[str, str]:
    """`NO_PROXY` in both spellings, with this machine added to what the environment has.

    Clients read either, and most of them the lower-case one first.
    """
    named = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    exceptions = ",".join(filter(None, [named, "127.0.0.1", "localhost"]))
    return {"NO_PROXY": exceptions, "no_proxy": exceptions}


def _carrier(token: str, ports: Ports) -> dict[str, str]:
    """The accounts that the sandbox has at each carrier; `CARRIERS` of the environment may name others."""
    return {
        "CARRIERS": os.environ.get("CARRIERS") or "twilio,manual",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": token,
        # the sandbox's account has this service from the beginning, registered for texts
        "TWILIO_MESSAGING_SERVICE_SID": ACCOUNT.replace("AC", "MG"),
        # and a business profile of its own, on which those of customers build
        "TWILIO_PRIMARY_PROFILE_SID": ACCOUNT.replace("AC", "BU"),
        "TWILIO_REGISTRATION_EMAIL": "registrations@portline.invalid",
        # and a key for phones in browsers
        "TWILIO_API_KEY_SID": ACCOUNT.replace("AC", "SK"),
        "TWILIO_API_KEY_SECRET": f"{token}-for-browser-phones",
        "TWILIO_BASE_URL": ports.console,
        "TELNYX_API_KEY": TELNYX_KEY,
        "TELNYX_PUBLIC_KEY": TELNYX_PUBLIC_KEY,
        "TELNYX_ACCOUNT_ID": TELNYX_ACCOUNT,
        "TELNYX_BASE_URL": ports.console,
    }


def _gateway(port: str) -> dict[str, str]:
    """Where phones in browsers connect, if that was asked for."""
    return {"GATEWAY_PORT": port, "TWILIO_BROWSER_GATEWAY": f"localhost:{port}"} if port else {}


def _sandbox(home: Path, token: str, ports: Ports) -> dict[str, str]:
    return {
        "SANDBOX_PORT": str(ports.sandbox),
        "SANDBOX_PUBLIC_URL": ports.console,
        "SANDBOX_SMTP_PORT": str(ports.mail),
        "SANDBOX_STATE": str(home / "sandbox"),
        "SANDBOX_ACCOUNT_SID": ACCOUNT,
        "SANDBOX_AUTH_TOKEN": token,
    }


def _kept_secrets(path: Path) -> dict[str, str]:
    """Read the secrets, which the first start generates: later ones must decrypt what it has sealed."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(json.dumps(_generated()))
    kept: dict[str, str] = json.loads(path.read_text())
    return kept


def _generated() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "SEALING_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
    }


ACCOUNT = "AC" + 32 * "0"
TELNYX_ACCOUNT = "00000000-0000-4000-8000-0000000000aa"
TELNYX_KEY = "KEYrehearsal"
# the sandbox makes its key pair from the API key
TELNYX_PUBLIC_KEY = "V8i8EBWipRuYEsDTD0sSZZkEZN3Ge0d2PPheciGkZp4="
