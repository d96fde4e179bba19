import pytest
from bs4 import BeautifulSoup

from provisioning.contract.porting import ReasonCode
from service.language import Language
from service.notifications.gsm import fits_gsm, segments
from service.notifications.messages import FACTS, Unwordable, word
from service.notifications.models import Channel, Message
from service.notifications.previews import SAMPLE
from service.notifications.speech import TEMPLATES

EACH = pytest.mark.parametrize(("message", "language"), [(m, lang) for m in Message for lang in Language])

WORST = {
    **SAMPLE,
    "numbers": [f"+467404510{last:02}" for last in range(12)],
    "others": [f"+467404511{last:02}" for last in range(12)],
    "temporary": "+14155550132",
    "mailbox": "firstname.lastname@accounts.a-long-company-name.example",
    "signer": "Zoë Łukasiewicz-Ångström",
    "zone": "America/New_York",
    "date": "2026-09-30T22:30:00+00:00",
    "old_date": "2026-09-23T22:30:00+00:00",
    "release_on": "2026-09-30",
    "sign_until": "2026-09-30",
    "link": "https://portline.a-long-company-name.example/ports/2f1d6c0e9b7a4d532f1d6c0e9b7a4d53",
}


@EACH
def test_every_message_has_its_four_templates_in_every_language(message, language):
    found = {path.name for path in (TEMPLATES / message / language).iterdir()}

    assert found == {"sms.txt", "subject.txt", "body.txt", "body.html"}


@EACH
def test_a_text_says_who_it_is_from_and_ends_in_at_most_two_segments(message, language):
    for facts in (SAMPLE, WORST):
        text = word(message, Channel.SMS, language, facts).text

        assert text.startswith("Portline: ")
        assert facts["link"] in text
        assert fits_gsm(text), set(text)
        assert segments(text) <= 2, f"{len(text)}: {text}"


@pytest.mark.parametrize("language", Language)
def test_no_reason_is_too_long_for_a_text(language):
    for code in ReasonCode:
        for message in (Message.ACTION_NEEDED, Message.NOT_PORTABLE):
            text = word(message, Channel.SMS, language, {**WORST, "reasons": [code]}).text

            assert fits_gsm(text), text
            assert segments(text) <= 2, f"{len(text)}: {text}"


@EACH
def test_a_mail_says_the_same_in_text_and_in_html(message, language):
    mail = word(message, Channel.EMAIL, language, WORST)
    page = BeautifulSoup(mail.html, "html.parser")

    said = mail.text.split("\n\n")[:-2]
    shown = [part.get_text() for part in page.select("#words p, #words li")]
    assert [line.removeprefix("- ") for part in said for line in part.splitlines()] == shown
    assert page.html["lang"] == language
    assert [link["href"] for link in page.select("a")] == [WORST["link"]]


@EACH
def test_a_subject_is_one_line_that_fits_a_phone(message, language):
    mail = word(message, Channel.EMAIL, language, SAMPLE)

    assert 0 < len(mail.subject) <= 78
    assert "\n" not in mail.subject


@pytest.mark.parametrize(
    ("message", "fact"),
    [(m, fact) for m, facts in FACTS.items() for fact in ("link", "zone", *facts) if not fact.endswith("?")],
)
@pytest.mark.parametrize("nothing", [None, "", []])
def test_a_message_without_one_of_its_facts_is_not_worded(message, fact, nothing):
    with pytest.raises(Unwordable, match=fact):
        word(message, Channel.EMAIL, Language.ENGLISH, {**SAMPLE, fact: nothing})


@pytest.mark.parametrize(
    ("message", "fact"), [(m, f[:-1]) for m, facts in FACTS.items() for f in facts if f[-1] == "?"]
)
@pytest.mark.parametrize("language", Language)
def test_a_fact_that_may_be_unknown_is_never_said_as_nothing(message, fact, language):
    facts = {name: value for name, value in SAMPLE.items() if name != fact}

    for channel in Channel:
        words = word(message, channel, language, facts)
        assert "None" not in f"{words.subject}{words.text}{words.html}"
        assert "  " not in words.text


@pytest.mark.parametrize("name", ["zone", "link", "numbers", "date", "ported_at"])
def test_a_fact_that_is_not_what_its_name_says_is_refused_and_not_repeated(name):
    message = Message.ARRIVED if name == "ported_at" else Message.DATE_SET
    with pytest.raises(Unwordable, match=name) as refusal:
        word(message, Channel.SMS, Language.ENGLISH, {**SAMPLE, name: "1234-secret"})

    assert "secret" not in str(refusal.value)


def test_the_first_version_of_a_date_may_be_nought():
    assert word(Message.DATE_SET, Channel.SMS, Language.ENGLISH, {**SAMPLE, "date_version": 0}).text


def test_a_moment_without_its_offset_is_refused():
    with pytest.raises(Unwordable, match="ported_at"):
        word(Message.ARRIVED, Channel.EMAIL, Language.ENGLISH, {**SAMPLE, "ported_at": "2026-05-05T10:00:00"})


def test_a_day_is_said_without_a_clock_time():
    english = word(Message.DATE_SET, Channel.SMS, Language.ENGLISH, SAMPLE).text
    swedish = word(Message.DATE_SET, Channel.SMS, Language.SWEDISH, SAMPLE).text

    assert "on Tuesday 5 May. Keep" in english
    assert "tisdag 5 maj. Behåll" in swedish


def test_a_moment_is_said_in_the_persons_zone_and_names_it():
    facts = {**SAMPLE, "date": "2026-05-05T14:00:00+00:00"}

    english = word(Message.DATE_SET, Channel.SMS, Language.ENGLISH, facts).text
    swedish = word(Message.DATE_SET, Channel.SMS, Language.SWEDISH, facts | {"zone": "Europe/Stockholm"}).text

    assert "Tuesday 5 May at 10:00 AM (Eastern Daylight Time)" in english
    assert "tisdag 5 maj kl. 16.00 (centraleuropeisk sommartid)" in swedish


def test_the_hour_that_comes_twice_in_autumn_is_told_apart_by_its_zone():
    first = word(Message.DATE_SET, Channel.SMS, Language.ENGLISH, {**SAMPLE, "date": "2026-11-01T05:30:00+00:00"}).text
    second = word(Message.DATE_SET, Channel.SMS, Language.ENGLISH, {**SAMPLE, "date": "2026-11-01T06:30:00+00:00"}).text

    assert "1:30 AM (Eastern Daylight Time)" in first
    assert "1:30 AM (Eastern Standard Time)" in second


def test_a_withdrawn_date_says_plainly_that_there_is_no_new_one():
    mail = word(Message.DATE_WITHDRAWN, Channel.EMAIL, Language.ENGLISH, SAMPLE)

    assert "withdrawn the date Tuesday 28 April" in mail.text
    assert "There is no new date yet." in mail.text


def test_a_moved_date_says_the_old_and_the_new():
    text = word(Message.DATE_MOVED, Channel.SMS, Language.ENGLISH, SAMPLE).text

    assert "on Tuesday 5 May, not Tuesday 28 April" in text


def test_a_signature_without_a_known_end_names_none():
    mail = word(Message.SIGNATURE_WANTED, Channel.EMAIL, Language.ENGLISH, {**SAMPLE, "sign_until": None})

    assert "It has to be signed by" not in mail.text


def test_done_names_the_other_numbers_that_would_end_with_the_old_service():
    some = word(Message.DONE, Channel.EMAIL, Language.ENGLISH, SAMPLE).text
    unknown = word(Message.DONE, Channel.EMAIL, Language.ENGLISH, {**SAMPLE, "others": []}).text

    assert "+1 415-555-2672 stands on the same bill and would end with it" in some
    assert "check the bill" in unknown


@pytest.mark.parametrize("reasons", [[], None, ["a_word_from_next_year"]])
def test_a_reason_that_nobody_knows_is_still_said(reasons):
    text = word(Message.ACTION_NEEDED, Channel.EMAIL, Language.ENGLISH, {**SAMPLE, "reasons": reasons}).text

    assert "Our porting desk is finding out" in text


def test_what_a_person_typed_cannot_become_html():
    facts = {**SAMPLE, "signer": "<script>alert(1)</script>", "mailbox": '"><img src=x>@example.com'}

    page = BeautifulSoup(word(Message.SIGNATURE_WANTED, Channel.EMAIL, Language.ENGLISH, facts).html, "html.parser")

    assert not page.select("script, img")


def test_facts_that_no_template_names_never_get_into_the_words():
    facts = {**SAMPLE, "pin": "0713", "account_number": "ACC-99881"}

    for message in Message:
        for channel in Channel:
            words = word(message, channel, Language.ENGLISH, facts)
            assert "0713" not in f"{words.text}{words.html}"
            assert "ACC-99881" not in f"{words.subject}{words.text}{words.html}"


@pytest.mark.parametrize("language", Language)
def test_every_reason_of_the_contract_has_words_of_its_own(language):
    other = word(Message.ACTION_NEEDED, Channel.EMAIL, language, {**SAMPLE, "reasons": ["other"]}).text

    for code in ReasonCode:
        said = word(Message.ACTION_NEEDED, Channel.EMAIL, language, {**SAMPLE, "reasons": [code]}).text
        assert said != other or code == "other"
