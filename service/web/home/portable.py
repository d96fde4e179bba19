"""Which kinds of numbers this installation can transfer in, as the table of kinds and its carriers say."""

from service.porting.kinds import DESCRIBED, FiledBy, Rules, rules_for_kind
from service.web.shell.context import services


def is_offered(rules: Rules) -> bool:
    """Whether a carrier's interface files numbers of these rules, or a porting desk of our own does."""
    by_hand = any(carrier.network is None for carrier in services().carriers.values())
    return rules.filed_by is FiledBy.CARRIER or by_hand


def portable_countries() -> list[str]:
    """The countries (ISO 3166) from which some kind of number can be transferred."""
    offered = (country for country, kind in DESCRIBED if is_offered(rules_for_kind(country, kind)))
    return list(dict.fromkeys(offered))
