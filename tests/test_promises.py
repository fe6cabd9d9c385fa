"""Each promise of the README is held by a test that there is."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_every_promise_names_tests_that_there_are():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.partition("## What it promises\n")[2].partition("\n## ")[0]
    promises = [row for row in section.splitlines() if row.startswith("| ")][2:]
    assert len(promises) >= 10
    for promise in promises:
        named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", promise)
        assert named, promise
        for file, function in named:
            content = (ROOT / file).read_text(encoding="utf-8")
            assert f"def {function or 'test_'}" in content, f"{file}::{function}"
