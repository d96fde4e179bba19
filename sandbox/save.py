"""The world on disk: JSON that a person can read."""

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
    """Write the state beside the file and rename, so that there is always a whole one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(_converter.dumps(state))
    Path(name).replace(path)


def load(path: Path) -> State | None:
    """The saved state; None if there is none, or none that can be read (which is said in the log)."""
    if not path.exists():
        return None
    try:
        return _converter.loads(path.read_text(encoding="utf-8"), State)
    # whatever is wrong with the file, from half of it to a field of another version, the world starts empty
    except Exception:
        log.exception("the saved world cannot be read, starting with an empty one", extra={"path": str(path)})
        return None
