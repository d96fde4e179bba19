"""Tables to download: no cell is a formula, and telephone numbers stay what they are."""

import csv
from io import StringIO

import pytest
from flask import Flask

from service.web.shell.spreadsheets import spreadsheet


def read(rows):
    with Flask(__name__).test_request_context():
        text = spreadsheet("table.csv", rows).get_data(as_text=True)
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline="")))


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1+1",
        "+1 2",
        "+",
        "+1\n=1",
        "+1,=1",
        "-1+1",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "+HYPERLINK(1)",
        "\uff1d1+1",
        "\uff0ba",
        "\uff0d1",
        "\uff20a",
    ],
)
def test_what_a_spreadsheet_takes_for_a_formula_is_text(cell):
    assert read([["Words"], [cell]]) == [["Words"], [f"'{cell}"]]


@pytest.mark.parametrize("cell", ["+14155550123", "1=1", "a-b", "", " =1", "it’s"])
def test_telephone_numbers_and_other_words_stay_what_they_are(cell):
    assert read([["Words", "Day"], [cell, "1"]]) == [["Words", "Day"], [cell, "1"]]


def test_figures_stay_figures_and_nothing_is_an_empty_cell():
    assert read([["a", "b", "c"], [-1, 2.5, None]]) == [["a", "b", "c"], ["-1", "2.5", ""]]
