"""The versions of the rows that say how a line answers, by which it is known whether one of them has changed."""

from sqlalchemy import String, func, literal_column, select

from service.accounts.models import Member
from service.lines.models import BrowserPhone, Line, Phone

_MEMBERS = (
    select(literal_column("members.xmin", String))
    .select_from(Member)
    .where(Member.workspace_id == Line.workspace_id)
    .correlate(Line)
)
_ALL_PHONES = (
    select(literal_column("phones.xmin", String)).select_from(Phone).where(Phone.line_id == Line.id).correlate(Line)
)

_ALL_BROWSERS = (
    select(literal_column("browser_phones.xmin", String))
    .join_from(BrowserPhone, Phone, Phone.number == BrowserPhone.number)
    .where(Phone.line_id == Line.id)
    .correlate(Line)
)

VERSIONS = func.concat_ws(
    " ",
    func.pg_postmaster_start_time(),
    Line.id,
    literal_column("lines.xmin"),
    literal_column("workspaces.xmin"),
    literal_column("call_plans.xmin"),
    func.coalesce(literal_column("allowances.xmin", String).cast(String), "-"),
    func.array(_ALL_PHONES.scalar_subquery()),
    func.array(_MEMBERS.scalar_subquery()),
    func.array(_ALL_BROWSERS.scalar_subquery()),
)
"""The version of each row that says how a line answers, but for numbers of ours: the transaction that wrote it.

https://www.postgresql.org/docs/15/ddl-system-columns.html; a server counts its transactions for itself.
"""
