"""Whether a search contains a rare word, which decides how the database should run it.

PostgreSQL keeps statistics of a column's most common words, but estimates any other word at half the frequency of the
last of them, however rare it is. Combined with a common word, it then scans every conversation for one text.
"""

import re
from typing import Final

from sqlalchemy import String, bindparam, text
from sqlalchemy.orm import Session

_EITHER: Final = re.compile(r"\bor\b", re.IGNORECASE)

# the last word may be incomplete, so the beginning of a common word counts as common too
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
    """Whether one of the required words is not common in this table's `words`, as of its last ANALYZE."""
    if _EITHER.search(wanted):
        return False
    return bool(session.scalar(_UNCOMMON, {"wanted": wanted, "of": table}))
