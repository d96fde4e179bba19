"""Logs of every process: one event on each line, in JSON, without customers' data.

Code should log nothing private; what does slip through is hidden here. Phone numbers are shortened; mail addresses,
secrets and signed links are hidden; exceptions show only messages of our own classes, as others may quote a customer.
"""

import logging
import re
import sys
from collections.abc import Iterator, Mapping
from traceback import extract_tb
from types import TracebackType
from typing import IO, Any, Final

import structlog

Event = structlog.typing.EventDict
ExcInfo = tuple[type[BaseException] | None, BaseException | None, TracebackType | None]

LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")

# below these levels the libraries log noise or customers' data: rows, parameters, URLs
_RETICENT: Final = {
    "alembic": "WARNING",
    "apscheduler": "WARNING",
    "apprise": "ERROR",
    "asyncio": "INFO",
    "fontTools": "WARNING",
    "PIL": "INFO",
    "psycopg": "WARNING",
    "sqlalchemy": "WARNING",
    "urllib3": "INFO",
}

_OURS: Final = ("service.", "provisioning.", "webhooks.")
_SECRET_NAME: Final = re.compile(r"(TOKEN|TOKEN_OLD|KEYS?|SECRET|PASSWORD)$")
_SHORTEST_SECRET: Final = 8


def set_up_logs(level: str, environ: Mapping[str, str]) -> None:
    """Write all logs of this process to standard error; secrets in `environ` are hidden."""
    root = logging.getLogger()
    root.handlers = [handler(None, environ)]
    root.setLevel(level)
    for name, least in _RETICENT.items():
        logging.getLogger(name).setLevel(least)
    for name in ("gunicorn.error", "gunicorn.access"):  # the server brings handlers and a level of its own
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_uncaught


def handler(stream: IO[str] | None, environ: Mapping[str, str]) -> logging.Handler:
    """A handler that writes events to a stream, by default standard error."""
    writer = logging.StreamHandler(stream)
    writer.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ExtraAdder(),
                structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            ],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _describe_exception,
                _Hiding(environ),
                structlog.processors.JSONRenderer(default=lambda thing: type(thing).__name__),
            ],
        )
    )
    return writer


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Log what ends the process, in place of Python's own lines, which may quote a customer."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        logging.getLogger(__name__).critical("process ends", exc_info=(kind, error, trace))


def shortened(text: str) -> str:
    """The text with every phone number as its first digit and its last two: `+1…71`."""
    return _NUMBER.sub(lambda found: f"+{found[1] or ''}…{found[2]}", text) if _DIGITS.search(text) else text


_DIGITS: Final = re.compile(r"\d{7}")
_NUMBER: Final = re.compile(r"(?<!\w)(?:(?:\+|%2B|00)(\d)\d{4,12}|\d{8,13})(\d\d)(?![\w.])", re.IGNORECASE)

# in their order; nearly all texts lack the marks, and looking for a mark is many times as fast as looking for the rest
_PRIVATE: Final = (
    # each request's address, which may be a link that signs in, or hold the words of a search
    ("/", re.compile(r"(?<=/)\.?[\w-]+\.[\w-]{27}(?![\w-])"), "…"),
    ("?", re.compile(r"(/[^\s?\"]*\?)[^\s\"]+"), r"\1…"),
    ("://", re.compile(r"(://[^\s:/@]*:)[^\s@]+@"), r"\1…@"),
    ("@", re.compile(r"[^\s@<>\"'/:=,()]+@([\w-]+\.[\w.-]+)"), r"…@\1"),
)
"""How private parts of a text are found and shown: the mark that they have, the whole of them, what is left."""


class _Hiding:
    """The processor before rendering: hides private values in an event, at any depth."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        named = (value for name, value in environ.items() if _SECRET_NAME.search(name))
        values = {part for value in named for part in value.split(",") if len(part) >= _SHORTEST_SECRET}
        self._secrets = sorted(values, key=len, reverse=True)

    def __call__(self, _logger: Any, _method: str, event: Event) -> Event:  # noqa: ANN401 -- as structlog calls it
        return {name: value if name == "at" else self._hidden(value) for name, value in event.items()}

    def _hidden(self, value: Any) -> Any:  # noqa: ANN401 -- whatever was logged
        if isinstance(value, str):
            return self._hidden_text(value)
        if isinstance(value, Mapping):
            return {str(name): self._hidden(part) for name, part in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._hidden(part) for part in value]
        return value

    def _hidden_text(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "…")
        for mark, private, shown in _PRIVATE:
            if mark in text:
                text = private.sub(shown, text)
        return shortened(text)


def _describe_exception(_logger: Any, _method: str, event: Event) -> Event:  # noqa: ANN401 -- as structlog calls it
    exc_info: ExcInfo | None = event.pop("exc_info", None)
    if exc_info and exc_info[1]:
        event["errors"] = [_described(error) for error in _chain(exc_info[1])]
    return event


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and its causes, as Python's traceback would show them."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _described(error: BaseException) -> dict[str, Any]:
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    return {
        "type": kind,
        "message": str(error) if kind.startswith(_OURS) else "",
        "where": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in extract_tb(error.__traceback__)],
    }
