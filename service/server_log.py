"""gunicorn's own events, such as those of its start, in the form of all others."""

import os
from typing import Any

from gunicorn.glogging import Logger

from service.logs import LEVELS, set_up_logs


class ServerLog(Logger):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn makes one before it loads the application, whose settings say later which secrets are hidden."""

    def setup(self, cfg: Any) -> None:  # noqa: ANN401 -- gunicorn has no types
        """Log as all processes do, from the first line."""
        super().setup(cfg)
        level = os.environ.get("LOG_LEVEL", "INFO")
        set_up_logs(level if level in LEVELS else "INFO", os.environ)
