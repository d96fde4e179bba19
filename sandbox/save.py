"""Saves the state as readable JSON and loads it."""

import logging
import os
import tempfile
from pathlib import Path

from cattrs.preconf.json import make_converter

from sandbox.records import State

_converter = make_converter()
# what was filed is kept as the JSON it came as
_converter.register_structure_hook_func(lambda kind: kind is object, lambda value, _: value)
log = logging.getLogger(__name__)


def save(path: Path, state: State) -> None:
    """Write the state to a new file and rename it, so that the saved file is always whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(_converter.dumps(state))
    Path(name).replace(path)


def load(path: Path) -> State | None:
    """The saved state, or None if there is none. An unreadable one is logged and counts as none."""
    if not path.exists():
        return None
    try:
        return _converter.loads(path.read_text(encoding="utf-8"), State)
    # half a file or a field of another version: the world starts empty
    except Exception:
        log.exception("the saved world cannot be read, starting with an empty one", extra={"path": str(path)})
        return None
