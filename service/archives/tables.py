"""Which tables hold what belongs to a workspace, and what of them an archive leaves out."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Select, Table, case, or_, select

from service.db import SealedBytes, SealedText
from service.models import Base

KEPT: Final = frozenset(
    {
        *("workspaces", "users", "members", "line_grants", "browsers_off", "invitations", "notice_choices", "changes"),
        *("lines", "phones", "phone_numbers", "call_plans", "inbox_settings", "recorded_greetings"),
        *("contacts", "conversations", "messages", "pictures", "calls", "recorded_pieces", "notes", "mentions"),
        *("tags", "conversation_tags", "saved_replies", "read_marks", "unsent_words", "opt_ins", "opt_outs"),
        *("port_projects", "details_requests", "documents", "attempts", "letters", "carrier_orders", "port_numbers"),
        *(
            "transfer_messages",
            "port_history",
            "port_outs",
            "cutovers",
            "cutover_steps",
            "caller_networks",
            "notifications",
        ),
        *("businesses", "registrations", "submissions", "destinations", "daily_costs"),
    }
)

LEFT_OUT: Final[Mapping[str, tuple[str, ...]]] = {
    "they let somebody in": (
        *("api_keys", "authenticator_apps", "passkeys", "recovery_codes", "sign_in_codes", "sign_ins"),
        *("team_channels", "webhook_endpoints"),
    ),
    "they are of a moment": (
        "closings",
        *("api_answers", "automatic_answers", "browser_phones", "call_legs", "contact_imports", "number_codes"),
        *("history_imports", "imported_names", "imported_rows"),
        *("number_searches", "presences", "ringings", "team_notices", "webhook_deliveries"),
    ),
    "they are the installation's": (
        *("alerts", "audits", "call_paces", "carrier_calls", "carrier_errors", "cursors"),
        *("desk_cases", "desk_notes", "desk_numbers", "desk_orders", "desk_platforms"),
        *("desk_seats", "desk_targets", "desk_views"),
        *("desk_comments", "desk_log", "desk_mentions", "desk_questions", "order_comments", "snapback_checks"),
        *("operator_hints", "port_weeks"),
        *("support_accesses", "support_views"),
        *("ledger_entries", "node_clocks", "processed_texts", "received", "restorations", "roles", "roles_of_users"),
        *("tries", "unannounced"),
    ),
    "they are how far an operator trusts, and counts": (
        *("allowances", "call_expenses", "expenses", "platforms", "platform_workspaces"),
    ),
    "they were shown to this installation, and are shown to another one again": ("own_numbers", "proven_numbers"),
    "the law has the installation keep them": ("kept_letters",),
    "they are made of the bill": ("document_pages",),
    "they are made of the numbers of a transfer": ("port_cases",),
}
"""The tables that are in no archive, by the reason."""

NOT_READ_IN: Final = frozenset(
    {"invitations", "details_requests", "notifications", "registrations", "submissions", "destinations", "daily_costs"}
)
"""Tables that an archive has for its reader alone: what was sent, registered, spent or allowed where it was written."""

MEDIA: Final[Mapping[str, Mapping[str, str]]] = {
    "pictures": {"media": "media_type", "thumbnail": ""},
    "calls": {"voicemail_media": "voicemail_type", "recording_media": "recording_type"},
    "recorded_pieces": {"media": "media_type"},
    "recorded_greetings": {"media": "media_type"},
}
"""By table the columns that name media, and for each the column with its MIME type; "" for a JPEG."""

_SECRET: Final = {"invitations": {"nonce"}, "details_requests": {"nonce"}, "workspaces": {"network"}}
_OF_A_PERSON: Final = {"id", "email", "name", "language", "made_at"}
_OWNERS: Final = {"notifications": ("project_id", "workspace_id")}


def tables() -> list[Table]:
    """Those of an archive; none refers to a later one. A call plan does so inside its document."""
    kept = [table for table in Base.metadata.sorted_tables if table.name in KEPT]
    return sorted(kept, key=lambda table: table.name == "call_plans")


def columns(table: Table) -> list[Column[Any]]:
    """The columns that an archive has as values: no secret, no document, and nothing that the database computes."""
    return [column for column in table.columns if _is_plain(column)]


def _is_plain(column: Column[Any]) -> bool:
    if column.table.name == "users":
        return column.name in _OF_A_PERSON
    kept_apart = isinstance(column.type, SealedText | SealedBytes) or column.computed is not None
    return not kept_apart and column.name not in _SECRET.get(column.table.name, set())


def values(table: Table, workspace_id: int) -> Iterator[ColumnElement[Any]]:
    """What an archive has of a row, by the names of the columns; of who did something only members of the workspace.

    Our own staff act there too, as the desk and as support, and are nobody's customers.
    """
    for column in columns(table):
        names_somebody = column.foreign_keys and parent(column).name == "users" and column.nullable
        yield _if_member(column, workspace_id) if names_somebody else column


def _if_member(column: Column[Any], workspace_id: int) -> ColumnElement[Any]:
    known: ColumnElement[bool] = column.in_(_members(workspace_id))
    if column.table.name == "transfer_messages":
        known &= ~column.table.c.from_desk
    return case((known, column)).label(column.name)


def papers(table: Table) -> Iterator[Column[bytes]]:
    """The columns with documents, which an archive has as files."""
    yield from (column for column in table.columns if isinstance(column.type, SealedBytes))


def of_workspace(table: Table, workspace_id: int) -> ColumnElement[bool]:
    """The condition that a row belongs to a workspace; a person does who is in it."""
    if table.name == "workspaces":
        return table.c.id == workspace_id
    if table.name == "users":
        return table.c.id.in_(_members(workspace_id))
    owners = [table.c[name] for name in _OWNERS.get(table.name, ())] or [_owner(table)]
    return or_(*(column.in_(_ids(parent(column), workspace_id)) for column in owners))


def parent(column: Column[Any]) -> Table:
    """The table that a column refers to."""
    [key] = column.foreign_keys
    return key.column.table


def references(table: Table) -> Iterator[Column[Any]]:
    """The columns of an archive that refer to another row."""
    yield from (column for column in columns(table) if column.foreign_keys)


def _owner(table: Table) -> Column[Any]:
    """The column that refers to the workspace, or to a row that belongs to one; rather one that is never empty."""
    owned = (column for column in references(table) if parent(column).name in KEPT - {"users", table.name})
    return min(owned, key=lambda column: bool(column.nullable))


def _ids(table: Table, workspace_id: int) -> Select[Any]:
    return select(table.c[_key(table)]).where(of_workspace(table, workspace_id))


def _key(table: Table) -> str:
    return next(iter(table.primary_key.columns)).name


def _members(workspace_id: int) -> Select[Any]:
    members = Base.metadata.tables["members"]
    return select(members.c.user_id).where(of_workspace(members, workspace_id))
