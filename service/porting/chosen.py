"""What an order keeps of the moment at which its numbers come."""

from datetime import datetime

from sqlalchemy import false
from sqlalchemy.orm import Mapped, mapped_column


class Chosen:
    """Columns of an order whose moment can be chosen.

    It lies within its `windows`: the beginning and end of each in turn, in ISO 8601; empty where none can be chosen.
    While one is open, the numbers can come at once if it is `on_demand`. `chosen_at` is what was chosen and the order
    does not show yet, or never will, as the carrier refused it (`choice_refused`).
    """

    windows: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    on_demand: Mapped[bool] = mapped_column(default=False, server_default=false())
    chosen_at: Mapped[datetime | None]
    choice_refused: Mapped[bool] = mapped_column(default=False, server_default=false())
