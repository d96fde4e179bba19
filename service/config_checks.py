"""What the values of settings must be like. Each raises `ValidationError`, which says it in words for the operator."""

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import phonenumbers
from cryptography.fernet import Fernet
from environs import ValidationError
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from provisioning.contract.registration import Fee
from service.connections import for_the_driver
from service.media import SCHEMES
from service.quotas import Quota
from service.targets import Target
from service.vapid import public_key

SHORTEST_TOKEN = 16
SHORTEST_KEY = 32
READING_PHOTOS = ("onnxruntime", "pypdfium2", "rapidocr")
HEARING_SPEECH = "faster_whisper"


def known_fees(given: Mapping[str, int]) -> None:
    """Cents by the name of a fee."""
    if not set(given) <= set(Fee) or any(cents < 0 for cents in given.values()):
        raise ValidationError(f"must be cents as in business=450,review=1500; the names are {', '.join(Fee)}")


def known_quotas(given: Mapping[str, int]) -> None:
    """Counts by the name of a quota."""
    if not set(given) <= set(Quota) or any(most < 0 for most in given.values()):
        raise ValidationError(f"must be as in contacts=500,notes=9000; the names are {', '.join(Quota)}")


def known_targets(given: Mapping[str, int]) -> None:
    """Business days by the name of a target."""
    if not set(given) <= set(Target) or any(days < 1 for days in given.values()):
        raise ValidationError(f"must be as in draft=2,simple=3; the names are {', '.join(Target)}")


def short_numbers(given: list[str]) -> None:
    """Numbers of emergency services, two or three digits each."""
    if not all(len(one) in {2, 3} and one.isdecimal() and one.isascii() for one in given):
        raise ValidationError("must be emergency numbers with commas, as in 911,933")


def database(url: str) -> None:
    """The URL of a PostgreSQL database."""
    if not url.startswith(("postgresql://", "postgresql+psycopg://")):
        raise ValidationError("must be a postgresql:// URL; PostgreSQL is the one database")
    try:
        conninfo_to_dict(for_the_driver(url))
    except ProgrammingError:  # its message may hold the password
        raise ValidationError(
            "cannot be read: write special characters of the password as %40 and the like, several hosts as"
            " postgresql://user:password@one:5432,two:5432/portline"
        ) from None


def direct_database(url: str) -> None:
    """The same, or nothing."""
    if url:
        database(url)


def base_url(url: str) -> None:
    """An address that browsers reach over https, or this machine."""
    if not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise ValidationError("must start with https:// (plain http only on this machine)")


def vapid_key(key: str) -> None:
    """A private key for the push services of browsers, or nothing."""
    try:
        if key:
            public_key(key)
    except ValueError:
        raise ValidationError("must be what `portline new-vapid-key` prints") from None


def live_url(url: str) -> None:
    """A path, or the URL of another port, or nothing."""
    if url and not url.startswith(("/", "https://", "http://127.0.0.1:", "http://localhost:")):
        raise ValidationError("must be a path such as /live, or an https:// URL of the same host")


def bind(address: str) -> None:
    """A host and a port."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise ValidationError("must be HOST:PORT, as in 127.0.0.1:8002")


def mail_url(url: str) -> None:
    """The URL of a mail server, or the console."""
    if not url.startswith(("smtp://", "smtps://", "console:")):
        raise ValidationError("must be smtp://, smtps:// or console:")


def media_url(url: str) -> None:
    """A directory or a bucket."""
    if not url.startswith(SCHEMES) or url in SCHEMES:
        raise ValidationError("must be file:DIRECTORY or s3://BUCKET/PREFIX")


def folder(path: Path) -> None:
    """A folder that exists."""
    if not path.is_dir():
        raise ValidationError("must be a folder that exists")


def photos(read: bool) -> None:  # noqa: FBT001 -- a validator gets the value alone
    """Whether photos are read; only where the libraries for it are installed."""
    if read and not all(map(find_spec, READING_PHOTOS)):
        raise ValidationError("needs the libraries in requirements-photos.txt, which are not installed")


def speech(model: Path) -> None:
    """The folder of a model; only where the libraries that run it are installed."""
    folder(model)
    if not find_spec(HEARING_SPEECH):
        raise ValidationError("needs the libraries in requirements-speech.txt, which are not installed")


def countries(codes: list[str]) -> None:
    """Two letters for each country."""
    if unknown := [code for code in codes if code not in phonenumbers.SUPPORTED_REGIONS]:
        raise ValidationError(f"must be ISO 3166 codes such as US: {', '.join(unknown)}")


def token(token: str) -> None:
    """A token that is long enough, or nothing."""
    if 0 < len(token) < SHORTEST_TOKEN:
        raise ValidationError(f"must have at least {SHORTEST_TOKEN} characters, or be empty")


def sealing_keys(keys: list[str]) -> None:
    """Keys of Fernet, at least one."""
    for key in keys or [""]:
        try:
            Fernet(key)
        except ValueError:
            raise ValidationError("must be Fernet keys, newest first; `portline new-sealing-key` makes one") from None


def secret_keys(keys: list[str]) -> None:
    """Keys that are long enough."""
    if not keys or any(len(key) < SHORTEST_KEY for key in keys):
        raise ValidationError(f"must have at least {SHORTEST_KEY} characters; several with commas, newest first")
