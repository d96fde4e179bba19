"""Of two workers that play the same steps at one moment, one's end counts for both."""

from tests.snapshots import Snapshots


def test_the_first_snapshot_of_some_steps_stays(tmp_path):
    ours, theirs = Snapshots(tmp_path), Snapshots(tmp_path)
    assert ours.get(("filed",)) is None
    assert theirs.keep(("filed",), "theirs")
    assert not ours.keep(("filed",), "ours")
    assert ours.get(("filed",)) == "theirs"
    assert len(list(tmp_path.iterdir())) == 1
