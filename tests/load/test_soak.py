"""Twelve seconds of what `make soak` does for minutes."""

import shutil

from tests.load.soak import soak

MEGABYTE = 1_000_000


def test_twice_the_load_it_takes_ends_in_refusals_and_neither_in_faults_nor_in_leaks(tmp_path, index_folder):
    shutil.copytree(index_folder, tmp_path / "index")
    figures = soak(12, tmp_path)
    print(figures)  # shown if an assertion fails
    counts = figures.traffic.counts
    assert figures.traffic.faults == []
    assert all(counts[f"{kind} 200"] for kind in ("search", "answer", "stream", "verify", "slow", "left"))
    assert sum(count for kind, count in counts.items() if kind.endswith("503"))
    assert figures.ingestions >= 2
    # A generation is held twice while requests of the one before are under way.
    assert figures.growth < 60 * MEGABYTE
    assert figures.files_left <= figures.files_before + 2
