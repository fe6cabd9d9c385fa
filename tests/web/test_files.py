import re

import pytest

from service.routes.page import WEB
from service.web_page import join_modules

FILES = sorted(path for path in WEB.iterdir() if path.is_file())
SCRIPTS = [path for path in FILES if path.suffix == ".js"]
NAMESPACE = "http://www.w3.org/2000/svg"  # a name, which nothing fetches


def test_the_page_weighs_less_than_150_kb():
    assert sum(path.stat().st_size for path in FILES) < 150_000


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_makes_no_markup_and_runs_no_text(path):
    text = path.read_text()
    ways = "innerHTML outerHTML insertAdjacentHTML document.write eval( Function( DOMParser srcdoc".split()
    assert [way for way in ways if way in text] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_is_short_and_names_no_other_machine(path):
    text = path.read_text()
    assert len(text.splitlines()) <= 350
    # `https://doi.org/` is looked for in what a bibliography prints.
    addresses = re.findall(r"https?://[\w.-]+[^\s\"'`)]*", text.replace(NAMESPACE, ""))
    assert set(addresses) <= {"https://doi.org/${doi}"}


def test_every_file_is_part_of_the_page():
    page = (WEB / "index.html").read_text()
    styles = set(re.findall(r'href="/static/([\w-]+\.css)"', page))
    joined = set(re.findall(r"^// ([\w-]+\.js)$", join_modules(WEB, "app.js"), re.MULTILINE))
    assert styles | joined == {path.name for path in FILES} - {"index.html", "icon.svg"}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_imports_what_there_is(path):
    imported = re.findall(r'from "\./([\w.-]+)"', path.read_text())
    assert {name for name in imported if not (WEB / name).exists()} == set()
