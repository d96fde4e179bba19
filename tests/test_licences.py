"""Every library that we use may be used by software under MIT. Nothing is asked of the network."""

import pytest

from supply.licences import LOCKS, Licensed, licensed


@pytest.mark.parametrize("lock", LOCKS)
def test_every_library_of_the_locks_says_a_licence_that_fits(lock):
    found = list(licensed(lock))
    assert len(found) > 40
    assert [one for one in found if not one.fits] == []


@pytest.mark.parametrize(
    "words",
    [
        "",
        "GPL-3.0-only",
        "GNU General Public License v3 (GPLv3)",
        "AGPL-3.0-or-later",
        "SSPL-1.0",
        "Proprietary License",
    ],
)
def test_one_that_would_claim_ours_does_not_fit(words):
    assert not Licensed("library", "1.0", words).fits


@pytest.mark.parametrize("words", ["MIT", "GPL-2.0-or-later OR Apache-2.0", "LGPL-3.0-only", "BSD License AND MIT"])
def test_one_that_leaves_ours_alone_fits(words):
    assert Licensed("library", "1.0", words).fits
