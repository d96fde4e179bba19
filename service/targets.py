"""Within how many business days a desk wants a transfer to go on; `PORTING_TARGETS` and its page set others."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Target(StrEnum):
    """What a number waits for. SIMPLE and COMPLEX are the date of an order with one number, and with several."""

    DRAFT = "draft"
    FILING = "filing"
    SIGNATURE = "signature"
    SIMPLE = "simple"
    COMPLEX = "complex"
    CORRECTION = "correction"
    CANCEL = "cancel"
    PROOF = "proof"


DAYS: Final[Mapping[Target, int]] = MappingProxyType(
    {
        Target.DRAFT: 2,
        Target.FILING: 1,
        Target.SIGNATURE: 3,
        # 47 CFR 52.35 gives the old provider one business day for a simple port and four for others; theirs and ours
        Target.SIMPLE: 3,
        Target.COMPLEX: 5,
        Target.CORRECTION: 1,
        Target.CANCEL: 3,
        Target.PROOF: 1,
    }
)
"""Business days of the number's country, where the operator sets nothing."""
