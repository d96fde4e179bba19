"""Whether a search holds a word that is rare in what was said.

The database keeps a list of the words that are common in a column, but takes every other word for half as common as the
last of them, however rare it is. Beside a common word it then walks every conversation for one text.
"""

import re
from typing import Final

from sqlalchemy import String, bindparam, text
from sqlalchemy.orm import Session

_EITHER: Final = re.compile(r"\bor\b", re.IGNORECASE)

# the last word may be in the making, so a word that begins a common one is taken for common too
_UNCOMMON = text("""
    SELECT EXISTS (
        SELECT FROM unnest(tsvector_to_array(to_tsvector('simple', :wanted))) AS word
        WHERE NOT EXISTS (
            SELECT FROM pg_stats, unnest(most_common_elems::text::text[]) AS common
            WHERE schemaname = current_schema() AND tablename = :of AND attname = 'words' AND starts_with(common, word)
        )
    )
""").bindparams(bindparam("wanted", type_=String), bindparam("of", type_=String))


def holds_a_rare_word(session: Session, table: str, wanted: str) -> bool:
    """Whether one of the words that must all be there is not common in this table's `words`, as last analysed."""
    if _EITHER.search(wanted):
        return False
    return bool(session.scalar(_UNCOMMON, {"wanted": wanted, "of": table}))
