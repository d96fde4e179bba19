"""Storage of pictures, recordings and greetings, by name, in a directory or an S3-compatible bucket.

It is outside the database and its transactions: store the content first, then write its name into a row. Content
whose transaction failed stays behind and is never read.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import urlsplit
from uuid import uuid4

from service.errors import NotFound

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

SCHEMES: Final = ("file:", "s3://")
_NAME: Final = re.compile(r"[0-9a-f]{32}")


class MediaAway(Exception):
    """The storage does not answer now. Try again later."""


class Media(Protocol):
    """A storage of media. Every method may raise `MediaAway`."""

    def put(self, content: bytes, media_type: str) -> str:
        """Keep content of a MIME type; its name, which cannot be guessed."""
        ...

    def get(self, name: str) -> bytes:
        """The content with this name. Raises `NotFound`."""
        ...

    def drop(self, name: str) -> None:
        """Delete the content with this name. Idempotent."""
        ...


def media_at(url: str) -> Media:
    """The storage at `file:DIRECTORY` or `s3://BUCKET/PREFIX`. Nothing is read or created yet.

    A bucket's credentials, region and endpoint come from the environment under the names that all S3 software uses:
    `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_DEFAULT_REGION`, `AWS_ENDPOINT_URL_S3`.
    """
    if url.startswith("file:"):
        # not parsed: a folder's name may hold "#", "?" and "%"
        return Directory(Path(url.removeprefix("file:")))
    parts = urlsplit(url)
    return Bucket(parts.netloc, parts.path.strip("/"))


class Directory:
    """Media in files. All processes must see the same directory."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, content: bytes, media_type: str) -> str:
        """Write a temporary file and rename it, so that no reader sees an incomplete file."""
        name = uuid4().hex
        path = self._path(name)
        aside = path.with_suffix(".part")
        with _files():
            path.parent.mkdir(parents=True, exist_ok=True)
            aside.write_bytes(content)
            os.replace(aside, path)  # noqa: PTH105 -- the words of what it does: atomic, over whatever is there
        return name

    def get(self, name: str) -> bytes:
        """Read a file."""
        with _files():
            return self._path(name).read_bytes()

    def drop(self, name: str) -> None:
        """Remove a file."""
        with _files():
            self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self._root / _checked(name)[:2] / name


class Bucket:
    """Media in a bucket of an S3-compatible service, under a prefix."""

    def __init__(self, bucket: str, prefix: str) -> None:
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        self._client = _s3()

    def put(self, content: bytes, media_type: str) -> str:
        """Send an object."""
        name = uuid4().hex
        with _answering():
            self._client.put_object(Bucket=self._bucket, Key=self._key(name), Body=content, ContentType=media_type)
        return name

    def get(self, name: str) -> bytes:
        """Fetch an object."""
        with _answering():
            return self._client.get_object(Bucket=self._bucket, Key=self._key(name))["Body"].read()

    def drop(self, name: str) -> None:
        """Remove an object."""
        with _answering():
            self._client.delete_object(Bucket=self._bucket, Key=self._key(name))

    def _key(self, name: str) -> str:
        return f"{self._prefix}{_checked(name)}"


def _checked(name: str) -> str:
    """A name, if it is one of ours: no other text becomes a path. Raises `NotFound`."""
    if not _NAME.fullmatch(name):
        raise NotFound("We can’t find that file.")
    return name


def _s3() -> "S3Client":
    """A client. boto3 is imported only here, because the import takes a quarter of a second."""
    import boto3
    from botocore.config import Config

    limits = Config(connect_timeout=5, read_timeout=12, retries={"mode": "standard", "max_attempts": 3})
    client: S3Client = boto3.client("s3", config=limits)
    return client


@contextmanager
def _files() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise NotFound("We can’t find that file.") from None
    except OSError as error:
        raise MediaAway(f"the directory of media cannot be used: {type(error).__name__}") from error


@contextmanager
def _answering() -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") == "NoSuchKey":
            raise NotFound("We can’t find that file.") from None
        raise MediaAway(f"the bucket of media refuses: {error.response.get('Error', {}).get('Code')}") from error
    except BotoCoreError as error:
        raise MediaAway(f"the bucket of media gives no answer: {type(error).__name__}") from error
