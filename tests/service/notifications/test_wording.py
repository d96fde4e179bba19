from dataclasses import MISSING, fields, replace
from datetime import UTC, date, datetime
from email import message_from_bytes, policy

import pytest
from bs4 import BeautifulSoup
from jinja2 import Environment, FileSystemLoader

from provisioning.contract.porting import ReasonCode
from service.language import Language
from service.notifications.bodies import TEMPLATES
from service.notifications.facts import About
from service.notifications.gsm import fits_gsm, segments
from service.notifications.mime import mime_message
from service.notifications.models import Channel, NoticeKind
from service.notifications.notices import (
    NOTICES,
    ActionNeeded,
    Arrived,
    DateMoved,
    DateSet,
    DateWithdrawn,
    Done,
    NotPortable,
    SignatureWanted,
    SignHere,
)
from service.notifications.previews import ABOUT, sample
from service.notifications.wording import Unwordable, word
from service.services import Mail

EACH = pytest.mark.parametrize(("notice", "language"), [(n, lang) for n in NOTICES for lang in Language])

LONG_ABOUT = About(
    numbers=[f"+467404510{last:02}" for last in range(12)],
    link="https://portline.a-long-company-name.example/ports/2f1d6c0e9b7a4d532f1d6c0e9b7a4d53",
    zone="America/New_York",
)
LONG_FACTS = {
    "others": [f"+467404511{last:02}" for last in range(12)],
    "temporary": "+14155550132",
    "mailbox": "firstname.lastname@accounts.a-long-company-name.example",
    "signer": "Zoë Łukasiewicz-Ångström",
    "date": datetime(2026, 9, 30, 22, 30, tzinfo=UTC),
    "old_date": datetime(2026, 9, 23, 22, 30, tzinfo=UTC),
    "release_on": date(2026, 9, 30),
    "sign_until": date(2026, 9, 30),
}


def worded(notice, channel=Channel.EMAIL, language=Language.ENGLISH, about=ABOUT, **facts):
    return word(about, sample(notice, **facts), channel, language)


def named(notice, *, optional):
    return [field.name for field in fields(notice) if (field.default is not MISSING) is optional]


def test_every_kind_of_notice_has_its_facts_in_the_order_in_which_they_come():
    assert [notice.kind for notice in NOTICES] == list(NoticeKind)


def test_every_notice_is_one_file_for_each_language_and_there_are_no_others():
    found = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*") if path.is_file()}
    assert found == {f"{kind}/{language}.txt" for kind in NoticeKind for language in Language} | {"mail.html"}


@EACH
def test_a_file_has_the_four_blocks_of_a_notice(notice, language):
    templates = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    assert list(templates.get_template(f"{notice.kind}/{language}.txt").blocks) == ["sms", "subject", "body", "step"]


@EACH
def test_a_text_says_who_it_is_from_and_ends_in_at_most_two_segments(notice, language):
    for about, facts in ((ABOUT, {}), (LONG_ABOUT, LONG_FACTS)):
        text = worded(notice, Channel.SMS, language, about, **facts).text

        assert text.startswith("Portline: ")
        assert about.link in text
        assert fits_gsm(text), set(text)
        assert segments(text) <= 2, f"{len(text)}: {text}"


@pytest.mark.parametrize("language", Language)
def test_no_reason_is_too_long_for_a_text(language):
    for code in ReasonCode:
        for notice in (ActionNeeded, NotPortable):
            text = worded(notice, Channel.SMS, language, LONG_ABOUT, reasons=[code]).text

            assert fits_gsm(text), text
            assert segments(text) <= 2, f"{len(text)}: {text}"


@EACH
def test_a_mail_says_the_same_in_text_and_in_html(notice, language):
    mail = worded(notice, language=language, about=LONG_ABOUT, **LONG_FACTS)
    page = BeautifulSoup(mail.html, "html.parser")

    text = mail.text.split("\n\n")[:-2]
    shown = [part.get_text() for part in page.select("#words p, #words li")]
    assert [line.removeprefix("- ") for part in text for line in part.splitlines()] == shown
    assert page.html["lang"] == language
    assert [link["href"] for link in page.select("a")] == [LONG_ABOUT.link]


@EACH
def test_a_subject_is_one_line_that_fits_a_phone(notice, language):
    mail = worded(notice, language=language)

    assert 0 < len(mail.subject) <= 78
    assert "\n" not in mail.subject


@EACH
def test_a_subject_arrives_as_it_was_written(notice, language):
    for about, facts in ((ABOUT, {}), (ABOUT, LONG_FACTS), (LONG_ABOUT, LONG_FACTS)):
        subject = worded(notice, language=language, about=about, **facts).subject
        mail = Mail("alice@example.com", subject, "", "", "<1@portline.example>")
        sent = bytes(mime_message(mail, "us@portline.example"))

        assert message_from_bytes(sent, policy=policy.default)["Subject"] == subject


@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_cannot_be_made_without_one_of_its_facts(notice):
    facts = {field.name: None for field in fields(notice)}
    for name in named(notice, optional=False):
        with pytest.raises(TypeError, match=name):
            notice(**{other: value for other, value in facts.items() if other != name})


@pytest.mark.parametrize(("notice", "fact"), [(n, fact) for n in NOTICES for fact in named(n, optional=False)])
@pytest.mark.parametrize("nothing", [None, "", []])
def test_a_notice_with_an_empty_fact_is_not_worded(notice, fact, nothing):
    with pytest.raises(Unwordable, match=fact):
        word(ABOUT, replace(sample(notice), **{fact: nothing}), Channel.EMAIL, Language.ENGLISH)


@pytest.mark.parametrize("fact", ["numbers", "link", "zone"])
@pytest.mark.parametrize("nothing", [None, "", []])
def test_a_notice_about_nothing_is_not_worded(fact, nothing):
    with pytest.raises(Unwordable, match=fact):
        worded(DateSet, about=replace(ABOUT, **{fact: nothing}))


@pytest.mark.parametrize(("notice", "fact"), [(n, fact) for n in NOTICES for fact in named(n, optional=True)])
@pytest.mark.parametrize("language", Language)
def test_a_fact_that_may_be_unknown_is_never_said_as_nothing(notice, fact, language):
    without = replace(sample(notice), **{f.name: f.default for f in fields(notice) if f.name == fact})

    for channel in Channel:
        words = word(ABOUT, without, channel, language)
        assert "None" not in f"{words.subject}{words.text}{words.html}"
        assert "  " not in words.text


@pytest.mark.parametrize(
    ("fact", "wrong"), [("zone", "1234-secret"), ("link", "1234-secret"), ("numbers", ["1234-secret"])]
)
def test_a_fact_that_is_not_what_its_name_says_is_refused_and_not_repeated(fact, wrong):
    with pytest.raises(Unwordable, match=fact) as refusal:
        worded(DateSet, Channel.SMS, about=replace(ABOUT, **{fact: wrong}))

    assert "secret" not in str(refusal.value)


def test_the_first_version_of_a_date_may_be_nought():
    assert worded(DateSet, Channel.SMS, date_version=0).text


def test_a_moment_without_its_zone_is_refused():
    with pytest.raises(Unwordable, match="ported_at"):
        worded(Arrived, ported_at=datetime(2026, 5, 5, 10))  # noqa: DTZ001 -- the zone is what is missing


def test_a_day_is_said_without_a_clock_time():
    english = worded(DateSet, Channel.SMS).text
    swedish = worded(DateSet, Channel.SMS, Language.SWEDISH).text

    assert "moves Tuesday, May 5. Keep" in english
    assert "tisdag 5 maj. Behåll" in swedish


def test_a_moment_is_said_in_the_persons_zone_and_names_it():
    when, stockholm = datetime(2026, 5, 5, 14, tzinfo=UTC), replace(ABOUT, zone="Europe/Stockholm")

    english = worded(DateSet, Channel.SMS, date=when).text
    swedish = worded(DateSet, Channel.SMS, Language.SWEDISH, stockholm, date=when).text

    assert "Tuesday, May 5 at 10:00 AM (Eastern Daylight Time)" in english
    assert "tisdag 5 maj kl. 16.00 (centraleuropeisk sommartid)" in swedish


def test_the_hour_that_comes_twice_in_autumn_is_told_apart_by_its_zone():
    first = worded(DateSet, Channel.SMS, date=datetime(2026, 11, 1, 5, 30, tzinfo=UTC)).text
    second = worded(DateSet, Channel.SMS, date=datetime(2026, 11, 1, 6, 30, tzinfo=UTC)).text

    assert "1:30 AM (Eastern Daylight Time)" in first
    assert "1:30 AM (Eastern Standard Time)" in second


def test_a_withdrawn_date_says_plainly_that_there_is_no_new_one():
    mail = worded(DateWithdrawn)

    assert "withdrew the date Tuesday, April 28" in mail.text
    assert "There’s no new date yet." in mail.text


def test_a_moved_date_says_the_old_and_the_new():
    assert "moves Tuesday, May 5, not Tuesday, April 28" in worded(DateMoved, Channel.SMS).text


def test_a_signature_without_a_known_end_names_none():
    assert "Please sign by" not in worded(SignatureWanted, sign_until=None).text


def test_done_names_the_other_numbers_that_would_end_with_the_old_service():
    assert "(415) 555-2672 is on the same bill and would end with it" in worded(Done).text
    assert "Check your bill" in worded(Done, others=[]).text


@pytest.mark.parametrize("reasons", [[], ["a_word_from_next_year"]])
def test_an_unknown_reason_is_still_said(reasons):
    assert "Our transfer desk is finding out" in worded(ActionNeeded, reasons=reasons).text


def test_what_a_person_typed_cannot_become_html():
    mail = worded(SignatureWanted, signer="<script>alert(1)</script>", mailbox='"><img src=x>@example.com')

    page = BeautifulSoup(mail.html, "html.parser")
    assert not page.select("script, img")
    assert "<script>alert(1)</script>" in page.get_text()


def test_a_line_break_in_what_a_person_typed_begins_no_line():
    mail = worded(SignHere, holder="Bakery\n- an item\n# large")

    assert "Bakery - an item # large wants to transfer" in mail.text
    assert not BeautifulSoup(mail.html, "html.parser").select("#words li, #words strong")


@pytest.mark.parametrize("language", Language)
def test_every_reason_of_the_contract_has_words_of_its_own(language):
    other = worded(ActionNeeded, language=language, reasons=["other"]).text

    for code in ReasonCode:
        assert worded(ActionNeeded, language=language, reasons=[code]).text != other or code == "other"
