"""What a season was like, in lines, and how well it kept to what customers were told."""

from collections import Counter

from service.porting.past_times import ENOUGH
from tests.season import books


def lines(season):
    """By losing carrier what came, how soon, what was rejected; what the desk did; how well estimates were kept."""
    every = [one for each in books.filings(season.world).values() for one in each]
    yield f"{len(every)} filings, {sum(bool(one.came) for one in every)} arrivals"
    for provider in sorted({one.group[0] for one in every}):
        yield _line(provider, [one for one in every if one.group[0] == provider])
    acts = Counter(act for person in season.desk for act in person.done)
    yield "  the desk: " + ", ".join(f"{act} {count}" for act, count in acts.most_common())
    for wished in (False, True):
        inside, judged = covered(season, wished=wished)
        yield f"  came on a day that they were told, {'with' if wished else 'without'} a wish: {inside} of {judged}"


def _line(provider, theirs):
    came = [one for one in theirs if one.came]
    to_date = [books.business_days(one.filed.date(), one.promised.at.date()) for one in came]
    to_arrival = [books.business_days(one.promised.at.date(), one.came.at.date()) for one in came]
    spans = " ".join(f"{books.within(days, share)!s:>4}" for days in (to_date, to_arrival) for share in (0.5, 0.9))
    rejected = Counter(books.REASONS[one.rejected.rejection_code] for one in theirs if one.rejected)
    told = ", ".join(f"{name} {count}" for name, count in rejected.most_common())
    return f"  {provider:20} {len(came):5} came {spans} {told}"


def covered(season, *, wished):
    """How many of those sent once, after enough had come, came in the days that their customers were told."""
    came = {number: each[0] for number, each in books.filings(season.world).items() if len(each) == 1 and each[0].came}
    judged = [one for one in season.expected if one.seen >= ENOUGH and one.wished is wished and one.number in came]
    inside = [one for one in judged if one.first <= came[one.number].day_of(came[one.number].came.at) <= one.last]
    return len(inside), len(judged)
