"""Without a porting desk: what only people can move is not said to be immovable."""

import pytest


@pytest.fixture
def asked(alice, work):
    def ask(number):
        alice.get("bring.ask")
        alice.submit(number=number)
        work()
        return alice.get("bring.check", public_id=alice.path.split("/")[2])

    return ask


@pytest.mark.parametrize("number", ["(604) 555-2671", "(833) 736-2671", "(787) 555-2671"])
def test_by_hand_is_not_cannot(asked, number):
    page = asked(number)
    assert page.says("It can transfer, but only by hand")
    assert page.says("A provider with people for that can take it.")
    assert page.says("It keeps working where it is.")
    assert page.says("Keep it where it is")
    assert not page.says("can’t transfer")
    assert not page.select("a[href*='/steps/']")


def test_of_many_those_by_hand_are_told_apart_from_those_nobody_moves(alice, work):
    alice.get("bulk_transfer.ask")
    alice.submit(list="(604) 555-2671\n(415) 555-2130\n(415) 555-2000")
    work()
    page = alice.get("bulk_transfer.check", public_id=alice.path.split("/")[2])
    by_hand, immovable = (found.find_next("ul").text for found in page.select("main h2"))
    assert "(604)" in by_hand
    assert "2130" in immovable
    assert "(604)" not in immovable


def test_a_draft_by_hand_says_so_when_it_is_sent_all_the_same(alice, asked):
    asked("(604) 555-2671")
    page = alice.get("review.show", public_id=alice.path.split("/")[2])
    assert page.says("This number can only transfer by hand, which we don’t offer yet.")
