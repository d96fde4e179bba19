"""A desk of two works a season of transfers from its queue alone, and the figures are those of the carrier's books.

`python -m reliability.season` plays a whole month; here are as many transfers as the tests have time for.
"""

import csv
import os
import sys
from collections import Counter
from decimal import Decimal
from io import StringIO

import pytest

from service.desk.figures import Past
from service.targets import DAYS, Target
from tests.season import books
from tests.season.people import Customers, DeskPerson
from tests.season.play import Plan, Season
from tests.season.report import covered, lines
from tests.service.web.conftest import Reader

TRANSFERS = int(os.environ.get("SEASON_TRANSFERS", "12"))
WEEKS = int(os.environ.get("SEASON_WEEKS", "1"))
SEED = int(os.environ.get("SEASON_SEED", "285"))
"""With this one there is something of everything for the desk to do, although there are few transfers."""

JUDGED = 300
"""Of how many transfers the coverage of their estimates says something."""


@pytest.fixture
def limits():
    """Each transfer is of another business, with a number and messages of its own."""
    return {"purchases_per_day": 10_000, "purchase_cap": 10_000, "spend_per_day": Decimal(10_000)}


@pytest.fixture
def season(app, services, world, clock, work, mailbox, known):
    office = known("dan", desk=True), known("eve", desk=True)
    desk = [DeskPerson(Reader(app, one), one.id, world) for one in office]
    world.state.seed = SEED
    season = Season(services, world, clock, work, Customers(world, mailbox), desk, lambda user: Reader(app, user))
    season.play(Plan(TRANSFERS, WEEKS, SEED))
    return season


def test_a_desk_of_two_works_a_season_from_its_queue_and_the_figures_are_those_of_the_books(season, world, capsys):
    if "SEASON_TRANSFERS" in os.environ:
        with capsys.disabled():
            sys.stdout.write("\n" + "\n".join(lines(season)) + "\n")
    first, second = season.desk
    assert first.listed() == []
    came = sum(any(one.came for one in each) for each in books.filings(world).values())
    assert came == TRANSFERS
    assert books.answered_late(world, DAYS[Target.CORRECTION]) == []
    assert first.done, "both have worked"
    assert second.done
    assert {*first.done, *second.done} == {"asked", "corrected", "filed", "reminded", "called"}
    told = downloaded(first.reader)
    assert told == expected(books.by_week(world))
    assert reasons(season.services) == in_the_books(world)
    inside, judged = covered(season, wished=False)
    assert judged < JUDGED or 0.75 <= inside / judged <= 0.85


def downloaded(reader):
    """The table of the page of figures, by week, losing carrier and kind."""
    answer = reader.client.get(reader.address("desk_figures.download", weeks=52))
    rows = list(csv.reader(StringIO(answer.text.lstrip("\ufeff"))))[1:]
    return {(row[0], row[1], row[3]): row[5:] for row in rows}


def expected(sums):
    """The same rows, computed from the books."""
    return {(str(week), *group): list(map(str, _cells(one))) for (week, *group), one in sums.items()}


def _cells(one):
    counts = ("arrived", "right_first", "wished", "wished_kept", "promised", "promised_kept")
    yield from (one.counts[name] for name in counts)
    for name in ("filed_to_date", "date_to_arrival"):
        yield from (("" if one.days[name] == [] else books.within(one.days[name], share)) for share in (0.5, 0.9))
    yield one.rejected.total()
    yield one.lost.total()


def reasons(services):
    """Why each losing carrier rejected, as the page of figures tells."""
    with services.sessions() as session:
        return {provider: dict(one.reasons["rejected"]) for provider, one in Past(session, 52).by_provider()}


def in_the_books(world):
    found = {}
    for (_, provider, _), one in books.by_week(world).items():
        if one.rejected:
            found.setdefault(provider, Counter()).update(one.rejected)
    return {provider: dict(counts) for provider, counts in found.items()}
