"""Writes down what is said in a recording, with a Whisper model in a folder that the operator brings.

It runs in a process of its own with bounds. The libraries are an extra (`portline[speech]`); nothing is fetched.
Whisper makes words up where nobody speaks, and repeats itself where it is lost: both are left out.
"""

import json
from collections.abc import Iterator
from io import BytesIO
from itertools import groupby
from threading import BoundedSemaphore
from typing import Any, Final

from provisioning.contract.voice import LONGEST_MESSAGE
from service.bounded import Bounds, read_apart
from service.language import Language

SPEECH: Final = Bounds(
    seconds=1800,
    processor_seconds=2 * LONGEST_MESSAGE + 20,
    memory=4 * 1024**3,
    slots=BoundedSemaphore(1),
)
"""What one recording may take: no more than twice as long as the longest voicemail, and the loading of a model."""

LEAST_SURE: Final = -1.0
"""The mean log probability of a part's words below which they are mostly made up."""

MOST_COMPRESSED: Final = 2.4
"""How much shorter gzip may make a part's words; what repeats itself is made much shorter."""

MOST_IN_A_ROW: Final = 6
"""So many times the same word may stand in a row."""


def words_heard(recording: bytes, language: Language, model: str) -> str:
    """The words in a recording, "" where none are heard. `model` is the model's folder.

    Raises `TooMuch` or `NotRead`.
    """
    asked = json.dumps({"language": language.value, "model": model}).encode()
    return " ".join(read_apart(parts_heard, asked + b"\n" + recording, SPEECH))


def parts_heard(asked: bytes) -> list[str]:
    """The same by parts, in the process of its own. `asked` is a line of JSON, then the recording."""
    from faster_whisper import WhisperModel

    head, _, recording = asked.partition(b"\n")
    how = json.loads(head)
    model = WhisperModel(how["model"], device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True)
    heard, _ = model.transcribe(
        BytesIO(recording),
        language=how["language"],
        vad_filter=True,
        temperature=0.0,  # trying again with others takes ten times as long
        condition_on_previous_text=False,
        max_new_tokens=120,
    )
    return [*_believable(heard)]


def _believable(heard: Any) -> Iterator[str]:  # noqa: ANN401 -- the library is not installed everywhere
    for part in heard:
        sure = part.avg_logprob >= LEAST_SURE and part.compression_ratio <= MOST_COMPRESSED
        if sure and not _stammers(part.text):
            yield part.text.strip()


def _stammers(text: str) -> bool:
    words = text.replace("-", " ").casefold().split()
    return any(len([*same]) > MOST_IN_A_ROW for _, same in groupby(words))
