"""The layout that CONTRIBUTING.md promises: imports go one way."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FORBIDDEN = {"ingest": {"service", "eval", "tests"}, "service": {"eval", "tests"}, "eval": {"tests"}}


def imported(path: Path) -> set[str]:
    """The top-level packages that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("package", FORBIDDEN)
def test_imports_go_one_way(package):
    files = sorted((ROOT / package).rglob("*.py"))
    assert files
    assert {str(path): wrong for path in files if (wrong := imported(path) & FORBIDDEN[package])} == {}


def test_nothing_but_the_package_itself_imports_eval():
    files = [path for package in ("ingest", "service") for path in (ROOT / package).rglob("*.py")]
    assert [str(path) for path in files if "eval" in imported(path)] == []


def test_every_setting_stands_in_the_readme():
    from service.settings import Settings

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in Settings.model_fields if f"`NEEDLE_{name.upper()}`" not in readme] == []
