"""Which tables an archive has."""

from itertools import chain

from service.archives.tables import KEPT, LEFT_OUT, MEDIA, NOT_READ_IN, columns, of_workspace, tables
from service.db import SealedText
from service.models import Base
from webhooks.models import Received


def test_every_table_is_in_an_archive_or_left_out_for_a_reason():
    left_out = list(chain.from_iterable(LEFT_OUT.values()))
    assert sorted([*KEPT, *left_out]) == sorted({*Base.metadata.tables, Received.__tablename__})
    assert NOT_READ_IN < KEPT


def test_every_name_of_media_is_followed():
    named = {
        (table.name, column.name)
        for table in tables()
        for column in table.columns
        if column.name == "thumbnail" or column.name.endswith("media")
    }
    assert named == {(table, column) for table, media in MEDIA.items() for column in media}


def test_nothing_that_is_sealed_or_opens_a_door_is_a_value_of_an_archive():
    had = {(table.name, column.name) for table in tables() for column in columns(table)}
    assert not {(table, name) for table, name in had if name in {"nonce", "password", "fs_uniquifier", "pin", "token"}}
    assert not [column for table in tables() for column in columns(table) if isinstance(column.type, SealedText)]


def test_every_table_knows_whose_its_rows_are():
    for table in tables():
        assert "workspaces.id = " in str(of_workspace(table, 1)), table.name
