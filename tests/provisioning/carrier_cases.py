"""The cases that every carrier must pass, facet by facet.

A carrier's tests subclass these and say, in fixtures, how the situations come about there. The cases speak the
contract's words only; whatever needs the carrier's own words is tested beside them.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from provisioning.contract.callbacks import MessageProgressed, SignedRequest, Subject, Unfamiliar
from provisioning.contract.emergency import EmergencyStatus
from provisioning.contract.errors import Broken, Conflict, NotFound, Refused
from provisioning.contract.lookup import LineKind
from provisioning.contract.messaging import CannotTell, MessageStatus, Trouble
from provisioning.contract.numbers import Routing, Sought
from provisioning.contract.porting import Address, CancelAnswer, ChangeAnswer, PortStatus, Verdict
from provisioning.contract.voice import AskForKey, Decline, HangUp, Ring, Say, TakeMessage


class PortingCases:
    """Fixtures: `porting`, `filing` (of two portable numbers), `not_portable`, `unknown_reference`, `now`."""

    def test_its_rules_are_sensible(self, porting):
        rules = porting.capabilities
        assert rules.countries
        assert rules.lead_days >= 0
        assert rules.cancel_cutoff >= timedelta()
        assert rules.largest_order >= 1

    def test_a_portable_number_gets_a_yes(self, porting, filing):
        answer = porting.check(filing.numbers[0].number)
        assert (answer.number, answer.verdict, answer.reason) == (filing.numbers[0].number, Verdict.YES, None)

    def test_a_number_that_cannot_be_ported_gets_a_no_with_a_reason(self, porting, not_portable):
        answer = porting.check(not_portable)
        assert answer.verdict is Verdict.NO
        assert answer.reason

    def test_every_filed_number_is_in_exactly_one_order(self, porting, filing):
        orders = porting.submit(filing)
        told = [number.number for order in orders for number in order.numbers]
        assert sorted(told) == sorted(filed.number for filed in filing.numbers)
        assert all(order.reference for order in orders)

    def test_a_draft_is_sent_once_and_what_was_sent_stays_as_it_is(self, porting, filing):
        for order in porting.submit(filing):
            porting.complete(order.reference, filing)
            sent = porting.fetch(order.reference)
            assert PortStatus.DRAFT not in {number.status for number in sent.numbers}
            porting.complete(order.reference, filing)
            assert porting.fetch(order.reference) == sent

    def test_what_was_filed_is_fetched_alike(self, porting, filing):
        for order in porting.submit(filing):
            again = porting.fetch(order.reference)
            assert {number.number for number in again.numbers} == {number.number for number in order.numbers}
            assert all(number.status is not PortStatus.UNKNOWN for number in again.numbers)

    def test_what_was_filed_is_found_when_the_answer_was_lost(self, porting, filing, now):
        filed = {order.reference for order in porting.submit(filing)}
        assert {order.reference for order in porting.find(filing, now)} == filed

    def test_nothing_is_found_of_what_was_not_filed(self, porting, filing, now):
        porting.submit(filing)
        other = replace(filing, reference="another filing", numbers=filing.numbers[:1])
        assert porting.find(other, now) == []

    def test_an_order_that_another_customer_filed_for_the_same_numbers_is_not_found(self, porting, filing, now):
        porting.submit(filing)
        holder = replace(filing.subscriber, authorized_email="bob@example.com")
        other = replace(filing, reference="another filing", subscriber=holder, copies_to=("bob@example.com",))
        assert porting.find(other, now) == []

    def test_a_lost_callback_is_found_among_the_recent_orders(self, porting, filing, now):
        assert porting.recent(now) == []
        filed = {order.reference for order in porting.submit(filing)}
        assert set(porting.recent(now)) == filed

    def test_an_order_nobody_knows_is_not_found(self, porting, unknown_reference):
        with pytest.raises(NotFound):
            porting.fetch(unknown_reference)
        with pytest.raises(NotFound):
            porting.cancel(unknown_reference)

    def test_an_order_nobody_knows_is_not_completed(self, porting, filing, unknown_reference):
        with pytest.raises(NotFound):
            porting.complete(unknown_reference, filing)

    def test_an_order_can_be_cancelled_while_it_is_early(self, porting, filing):
        for order in porting.submit(filing):
            porting.complete(order.reference, filing)
            assert porting.cancel(order.reference) is CancelAnswer.ACCEPTED

    def test_cancelling_twice_is_cancelling(self, porting, filing):
        for order in porting.submit(filing):
            porting.complete(order.reference, filing)
            porting.cancel(order.reference)
            assert porting.cancel(order.reference) is CancelAnswer.ACCEPTED

    def test_a_number_that_is_not_in_the_order_cannot_be_cancelled_there(self, porting, filing, not_portable):
        reference = porting.submit(filing)[0].reference
        with pytest.raises(NotFound):
            porting.cancel(reference, (not_portable,))

    def test_a_correction_has_an_answer(self, porting, filing):
        reference = porting.submit(filing)[0].reference
        assert porting.supplement(reference, filing) in set(ChangeAnswer)


class NumbersCases:
    """Fixtures: `numbers`, `wanted` (of which there are at least two for sale)."""

    ROUTING = Routing("https://us.test/voice", "https://us.test/message", "https://us.test/call-status")

    @pytest.fixture
    def offered(self, numbers, wanted):
        return numbers.search(wanted)[0].number

    def test_numbers_are_for_sale(self, numbers, wanted):
        offers = numbers.search(wanted)
        assert len({offer.number for offer in offers}) == len(offers) >= 2
        assert all(offer.number.startswith("+") for offer in offers)

    def test_numbers_to_choose_from_match_what_is_sought(self, numbers, wanted):
        digits = numbers.search(wanted)[0].number[-4:]
        offers = numbers.choices(Sought(wanted.country, area=wanted.area, contains=digits))
        assert {offer.number[-4:] for offer in offers} == {digits}

    def test_a_country_without_numbers_has_none_to_choose_from(self, numbers):
        assert numbers.choices(Sought("AQ")) == []

    def test_a_bought_number_is_routed_from_its_first_moment(self, numbers, offered):
        owned = numbers.buy(offered, "tag-1", self.ROUTING)
        assert (owned.number, owned.tag, owned.routing) == (offered, "tag-1", self.ROUTING)

    def test_a_number_we_hold_is_found(self, numbers, offered):
        owned = numbers.buy(offered, "tag-1", self.ROUTING)
        assert numbers.find(offered) == owned

    def test_a_number_we_do_not_hold_is_not_found(self, numbers, offered):
        assert numbers.find(offered) is None

    def test_every_number_we_hold_is_in_the_list(self, numbers, wanted):
        bought = [numbers.buy(offer.number, "tag-1", self.ROUTING) for offer in numbers.search(wanted)[:2]]
        assert sorted(numbers.owned(), key=str) == sorted(bought, key=str)

    def test_part_of_a_number_is_not_the_number(self, numbers, offered):
        numbers.buy(offered, "tag-1", self.ROUTING)
        assert numbers.find(offered[:-1]) is None

    def test_a_purchase_whose_answer_was_lost_is_found_by_its_tag(self, numbers, offered):
        owned = numbers.buy(offered, "tag-1", self.ROUTING)
        assert numbers.tagged("tag-1") == owned

    def test_part_of_a_tag_is_not_the_tag(self, numbers, offered):
        numbers.buy(offered, "tag-12", self.ROUTING)
        assert numbers.tagged("tag-1") is None

    def test_the_same_number_is_not_bought_twice(self, numbers, offered):
        numbers.buy(offered, "tag-1", self.ROUTING)
        with pytest.raises(Conflict) as caught:
            numbers.buy(offered, "tag-2", self.ROUTING)
        assert caught.value.not_made

    def test_a_number_is_pointed_elsewhere_and_read_back(self, numbers, offered):
        owned = numbers.buy(offered, "tag-1", self.ROUTING)
        elsewhere = Routing("https://us.test/voice/2", "https://us.test/message/2", "https://us.test/call-status/2")
        assert numbers.apply_routing(owned.reference, elsewhere).routing == elsewhere
        assert numbers.find(offered).routing == elsewhere

    def test_pointing_twice_is_pointing(self, numbers, offered):
        owned = numbers.buy(offered, "tag-1", self.ROUTING)
        once = numbers.apply_routing(owned.reference, self.ROUTING)
        assert numbers.apply_routing(owned.reference, self.ROUTING) == once

    def test_a_number_that_is_gone_cannot_be_pointed(self, numbers, offered):
        owned = numbers.buy(offered, "tag-1", self.ROUTING)
        numbers.release(owned.reference)
        with pytest.raises(NotFound):
            numbers.apply_routing(owned.reference, self.ROUTING)

    def test_a_number_is_given_back_once_and_for_all(self, numbers, offered):
        owned = numbers.buy(offered, "tag-1", self.ROUTING)
        assert not numbers.is_gone(offered)
        numbers.release(owned.reference)
        numbers.release(owned.reference)
        assert numbers.find(offered) is None
        assert numbers.is_gone(offered)


class CallingCases:
    """Fixtures: `calling`, `call` (which the carrier takes), `call_to_nobody` (which it refuses), `now`, and
    `until_logged` (lets the time pass after which the log shows a call) where that is not at once."""

    @pytest.fixture
    def until_logged(self):
        return lambda: None

    @pytest.fixture
    def placed(self, calling, call, now, until_logged):
        """The id of the call, from the log where the answer to its order has none."""
        told = calling.place(call)
        until_logged()
        [logged] = calling.find(call, now)
        assert told in {"", logged}
        return logged

    def test_a_call_is_taken_on_and_found_again(self, placed):
        assert placed

    def test_a_call_that_goes_on_has_no_end_and_one_of_nobody_is_not_found(self, calling, placed):
        assert calling.ended(placed) is None
        with pytest.raises(NotFound):
            calling.ended("CA" + "0" * 32)

    def test_a_call_to_somebody_else_is_not_found(self, calling, call, now, placed):
        assert calling.find(replace(call, recipient="+14155550188"), now) == []

    def test_a_call_of_before_is_not_found(self, calling, call, now, placed):
        assert calling.find(call, now + timedelta(minutes=5)) == []

    def test_where_nothing_is_recorded_no_recording_pauses(self, calling, placed):
        for act in (calling.pause_recording, calling.resume_recording):
            with pytest.raises(Conflict):
                act(placed)

    def test_a_refused_call_is_surely_not_made(self, calling, call_to_nobody):
        with pytest.raises(Refused):
            calling.place(call_to_nobody)


class MessagingCases:
    """Fixtures: `messaging`, `our_number`, `message` (the carrier takes it), `to_nobody` (it refuses it), `now`,
    `carry` (lets what was sent leave)."""

    def test_a_number_is_enrolled_and_withdrawn_however_often_it_is_told(self, messaging, our_number):
        for _ in range(2):
            messaging.enrol(our_number.reference)
            assert messaging.enrolled(our_number.reference)
        for _ in range(2):
            messaging.withdraw(our_number.reference)

    def test_a_message_is_taken_on(self, messaging, message):
        sent = messaging.send(message)
        assert sent.reference
        assert sent.status is MessageStatus.QUEUED
        assert sent.trouble is None

    def test_a_message_whose_answer_was_lost_is_found(self, messaging, message, now):
        sent = messaging.send(message)
        assert [found.reference for found in messaging.find(message, now)] == [sent.reference]

    def test_two_of_the_same_are_found_oldest_first(self, messaging, message, now):
        references = [messaging.send(message).reference for _ in range(2)]
        assert sorted(found.reference for found in messaging.find(message, now)) == sorted(references)

    def test_other_words_are_another_message(self, messaging, message, now):
        messaging.send(message)
        assert is_none(messaging.find(replace(message, text=f"{message.text}!"), now))

    def test_a_message_of_before_is_not_found(self, messaging, message, now):
        messaging.send(message)
        assert is_none(messaging.find(message, now + timedelta(minutes=5)))

    def test_what_left_is_in_the_log_and_what_left_before_is_not(self, messaging, message, now, carry):
        sent = messaging.send(message)
        carry()
        [logged] = messaging.left(now)
        assert (logged.reference, logged.sender, logged.recipient) == (
            sent.reference,
            message.sender,
            message.recipient,
        )
        assert messaging.left(logged.at + timedelta(minutes=5)) == []

    def test_a_refused_message_says_why_in_plain_terms(self, messaging, to_nobody):
        with pytest.raises(Refused) as caught:
            messaging.send(to_nobody)
        assert caught.value.code in set(Trouble)

    @pytest.mark.parametrize(
        "url",
        [
            "http://127.0.0.1/x",
            "https://169.254.169.254/latest/meta-data",
            "https://[::1]/x",
            "https://2130706433/x",
            "https://example.com/x.jpg",
            "file:///etc/passwd",
            "//example.com/x",
            "",
        ],
    )
    def test_media_is_fetched_from_nowhere_else(self, messaging, url):
        with pytest.raises(Refused):
            messaging.fetch_media(url)


def is_none(found):
    """Whether a look for a text found none; that the carrier cannot tell is no find either."""
    return found == [] or isinstance(found, CannotTell)


class VoiceCases:
    """Fixtures: `voice`."""

    @pytest.mark.parametrize(
        "step",
        [
            Say("Hello", "en-US"),
            Ring(("+14155552671",), 20, "https://us.test/then", "+12125552368"),
            AskForKey(Say("Press one", "en-US"), "https://us.test/key"),
            TakeMessage("https://us.test/then", "https://us.test/recording", "https://us.test/words", "en-US"),
            HangUp(),
            Decline(),
        ],
        ids=lambda step: type(step).__name__,
    )
    def test_every_step_can_be_said(self, voice, step):
        answer = voice.render([step])
        assert answer.media_type
        assert answer.body != voice.render([]).body

    def test_an_answer_in_xml_is_well_formed_whatever_is_said(self, voice):
        answer = voice.render([Say("<&\"'\x00\ud800 å 你好 🎈", "sv-SE")])
        written = answer.body.encode()
        spoken = answer.body
        if "xml" in answer.media_type:
            spoken = "".join(ET.fromstring(written).itertext())  # noqa: S314 - our own document
        assert spoken.startswith("<&\"'")
        assert spoken.endswith(" å 你好 🎈")


class LookupCases:
    """Fixtures: `lookup`, `at_an_operator` (number, name of its operator), `at_nobody_known` (number), `lines_of_kinds`
    (a number for each `LineKind` but UNKNOWN)."""

    def test_a_number_is_at_its_operator(self, lookup, at_an_operator):
        number, operator = at_an_operator
        assert lookup.operator_of(number) == operator

    def test_an_operator_that_is_not_known_has_no_name(self, lookup, at_nobody_known):
        assert lookup.operator_of(at_nobody_known) == ""

    def test_a_line_is_a_mobile_a_landline_or_on_the_internet(self, lookup, lines_of_kinds, at_nobody_known):
        assert [lookup.kind_of(number) for number in lines_of_kinds.values()] == list(lines_of_kinds)
        assert lookup.kind_of(at_nobody_known) is LineKind.UNKNOWN


class AccountCases:
    """Fixtures: `account`, `account_of_a_stranger` (with credentials that do not count)."""

    def test_an_account_in_good_order_has_no_trouble(self, account):
        assert account.state().trouble == ""

    def test_credentials_that_do_not_count_are_a_breach(self, account_of_a_stranger):
        with pytest.raises(Broken, match="credentials"):
            account_of_a_stranger.state()


class EmergencyCases:
    """Fixtures: `emergency`, `owned` (a number of ours in a country that has such addresses)."""

    ADDRESS = Address("1 Main Street", "San Francisco", "CA", "94105", "US")

    def test_emergency_numbers_are_those_of_countries_that_have_addresses(self, emergency):
        assert set(emergency.numbers) <= emergency.countries
        assert all(number.isdecimal() for numbers in emergency.numbers.values() for number in numbers)

    def test_a_number_begins_without_an_address(self, emergency, owned):
        assert emergency.status(owned.reference) is EmergencyStatus.NONE

    def test_an_address_is_registered_once_however_often_it_is_told(self, emergency, owned):
        once = emergency.register(owned.reference, "Alice's Bakery", self.ADDRESS)
        assert once in {EmergencyStatus.REGISTERED, EmergencyStatus.PENDING}
        assert emergency.register(owned.reference, "Alice's Bakery", self.ADDRESS) is once
        assert emergency.status(owned.reference) is once

    def test_an_address_is_taken_off_and_taking_it_off_again_is_done(self, emergency, owned):
        emergency.register(owned.reference, "Alice's Bakery", self.ADDRESS)
        emergency.forget(owned.reference)
        emergency.forget(owned.reference)
        assert emergency.status(owned.reference) is EmergencyStatus.NONE


CALLED_BACK = datetime(2026, 3, 2, 15, tzinfo=UTC)
"""When the `genuine` requests of `CallbackCases` came."""


class CallbackCases:
    """Fixtures: `callbacks`, and `genuine` (a signed request for each of the SUBJECTS that the carrier sends)."""

    SUBJECTS = tuple(Subject)

    def pytest_generate_tests(self, metafunc):
        if "subject" in metafunc.fixturenames:
            metafunc.parametrize("subject", self.SUBJECTS)

    def test_a_genuine_request_is_verified(self, callbacks, genuine, subject):
        assert callbacks.verify(subject, genuine[subject], CALLED_BACK)

    def test_a_genuine_request_is_read(self, callbacks, genuine, subject):
        events = callbacks.read(subject, genuine[subject].body)
        assert events
        assert not any(isinstance(event, Unfamiliar) for event in events)

    def test_a_request_without_any_header_is_refused(self, callbacks, genuine, subject):
        assert not callbacks.verify(subject, replace(genuine[subject], headers={}), CALLED_BACK)

    def test_a_header_may_not_be_missing_empty_or_wrong(self, callbacks, genuine, subject):
        headers = genuine[subject].headers
        for name in headers:
            for value in ("", "x", "é\udcff", "=" + headers[name]):
                changed = {**headers, name: value}
                assert not callbacks.verify(subject, replace(genuine[subject], headers=changed), CALLED_BACK), (
                    name,
                    value,
                )

    def test_a_changed_body_is_refused(self, callbacks, genuine, subject):
        body = genuine[subject].body
        for changed in (b"", body + b"&x=1", body[:-1], body.replace(b"1", b"2", 1), b"\xff" + body, body * 2):
            assert not callbacks.verify(subject, replace(genuine[subject], body=changed), CALLED_BACK), changed

    @pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"null", b'"x"', b"\xff\xfe", b"a=%ff", b"=&=", b"{" * 9999])
    def test_what_cannot_be_read_is_unfamiliar(self, callbacks, subject, body):
        [event] = callbacks.read(subject, body)
        assert isinstance(event, Unfamiliar)

    @pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"a=%ff", b"&" * 9999])
    def test_what_cannot_be_parsed_is_not_verified(self, callbacks, genuine, subject, body):
        assert not callbacks.verify(
            subject, SignedRequest(genuine[subject].url, genuine[subject].headers, body), CALLED_BACK
        )

    def test_what_asks_for_the_next_steps_of_a_call_is_one_event(self, callbacks, genuine):
        for body in (genuine[Subject.VOICE].body, b"", b"{}", b"a=1"):
            assert len(callbacks.read(Subject.VOICE, body)) == 1


class SignedAddressCases:
    """A carrier whose signature covers the address, with a secret that we know. Fixtures as for `CallbackCases`."""

    def test_another_address_is_refused(self, callbacks, genuine, subject):
        url = genuine[subject].url
        for changed in (url.replace("us.test", "them.test"), url.replace("https", "http"), url + "/", url + "&a=b"):
            assert not callbacks.verify(subject, replace(genuine[subject], url=changed), CALLED_BACK), changed

    def test_a_sample_is_let_in_at_its_own_address_only_and_is_about_nothing_of_ours(self, callbacks):
        sample = callbacks.sample("https://us.test/message-status")
        assert callbacks.verify(Subject.MESSAGE_STATUS, sample, CALLED_BACK)
        assert not callbacks.verify(Subject.MESSAGE_STATUS, replace(sample, url="https://us.test/other"), CALLED_BACK)
        [event] = callbacks.read(Subject.MESSAGE_STATUS, sample.body)
        assert isinstance(event, MessageProgressed)


class PortingCallbackCases:
    """A carrier with one address for porting callbacks. Fixtures: `callbacks_at_carrier`, which may call it."""

    def test_porting_callbacks_are_pointed_at_us(self, callbacks_at_carrier):
        assert callbacks_at_carrier.porting_url() is None
        callbacks_at_carrier.point_porting_at("https://us.test/porting")
        callbacks_at_carrier.point_porting_at("https://us.test/porting")
        assert callbacks_at_carrier.porting_url() == "https://us.test/porting"
