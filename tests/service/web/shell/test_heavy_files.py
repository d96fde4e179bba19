"""What a workspace may have us open at once and in an hour."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import Workbook

from service.web.shell import heavy_files
from service.web.shell.heavy_files import AT_ONCE, HOURLY, USED_UP


@pytest.fixture
def spend(app):
    """Count seconds for a workspace, and how many it has used."""

    def count(workspace_id, seconds=0):
        with app.test_request_context():
            return heavy_files.limiter.storage.incr(f"opened/{workspace_id}", 3600, seconds)

    return count


def send(reader, status=200):
    kept, book = BytesIO(), Workbook()
    book.active.append(["+14155552671"])
    book.save(kept)
    reader.get("bulk_transfer.ask")
    return reader.submit(file=(BytesIO(kept.getvalue()), "numbers.xlsx"), status=status)


def test_what_is_opened_counts_and_an_hour_that_is_used_up_is_refused(alice, bakery, spend, clock):
    spend(bakery.id + 1, HOURLY)  # of another workspace
    send(alice)
    assert 1 <= spend(bakery.id) <= 5
    spend(bakery.id, HOURLY)
    assert send(alice, 422).wrong() == {"list": USED_UP}
    clock.jump(timedelta(hours=1))
    send(alice)


def test_files_of_a_workspace_are_opened_one_after_another(alice, bakery, monkeypatch):
    monkeypatch.setattr(heavy_files, "PATIENCE", 0)
    with heavy_files._locks[bakery.id % 64]:
        assert send(alice, 422).wrong() == {"list": AT_ONCE}
    send(alice)
