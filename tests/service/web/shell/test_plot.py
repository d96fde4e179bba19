"""Where the bars of plots stand."""

from service.web.shell.plot import columns, highest


def test_columns_stand_on_the_ground_and_the_highest_fills_the_plot():
    stacks = {1: {"answered": 1, "voicemails": 2, "missed": 1}, 2: {"answered": 2, "missed": 0}, 3: {}}
    first, second, third = columns(stacks)
    assert first.bars == [("answered", 75, 25), ("voicemails", 25, 50), ("missed", 0, 25)]
    assert second.bars == [("answered", 50, 50)]
    assert (third.bars, third.left) == ([], 20)
    assert highest(stacks) == 4


def test_a_plot_of_nothing_has_no_height():
    assert (columns({}), highest({}), columns({1: {"answered": 0}})[0].bars) == ([], 0, [])
