"""Files that are read in another process: what comes back, and that a file which kills it fails alone."""

import signal
from collections.abc import Iterator

import pytest

from ingest.errors import FormatError
from ingest.formats import apart, extract
from ingest.formats.apart import extract_apart

# Loaded by the interpreter of the other process: a reader of PDF that does what the file says.
HOSTILE = """
import os, signal, time
from ingest.formats import limits, pdf

limits.MAX_SECONDS = 1

def read(content, file_name, sound=pdf.read):
    if content == b"crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if content == b"hang":
        time.sleep(60)
    if content == b"stumble":
        raise IndexError("list index out of range")
    return sound(content, file_name)

pdf.read = read
"""


@pytest.fixture
def hostile(tmp_path, monkeypatch) -> Iterator[None]:
    (tmp_path / "sitecustomize.py").write_text(HOSTILE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(apart, "_READER", apart._Reader())
    yield
    apart._READER.stop()


def refusal(content: bytes) -> str:
    with pytest.raises(FormatError) as error:
        extract_apart(content, "a.pdf")
    return str(error.value)


def test_a_file_that_crashes_the_reader_or_never_ends_fails_alone(hostile, sheet):
    sheet.lines(72, 700, "We saw 12 patients.")
    sound = sheet.content()
    assert refusal(b"crash") == "a.pdf makes its reader crash (SIGSEGV); print or save it anew, as a copy"
    assert extract_apart(sound, "b.pdf").text == "We saw 12 patients.\n"
    assert "a.pdf is not read within" in refusal(b"hang")
    assert "a.pdf cannot be read (IndexError: list index out of range)" in refusal(b"stumble")
    assert extract_apart(sound, "b.pdf").text == "We saw 12 patients.\n"


def test_what_comes_back_is_what_was_read(sheet):
    sheet.canvas.setAuthor("Ada Lovelace; Bo Ek")
    sheet.lines(72, 700, "Frøst at needles", size=20)
    sheet.lines(72, 600, "We saw 12 patients.")
    content = sheet.content()
    assert extract_apart(content, "a.pdf") == extract(content, "a.pdf")
    assert "not a sound PDF" in refusal(b"Just text.")


def test_text_is_read_in_this_process(monkeypatch):
    monkeypatch.setattr(apart._Reader, "read", lambda *_: pytest.fail("another process was asked"))
    assert extract_apart(b"Text.", "a.MD").text == "Text."


def test_a_wait_that_is_broken_off_does_not_mix_up_the_answers(hostile, sheet):
    sheet.lines(72, 700, "We saw 12 patients.")
    sound = sheet.content()
    extract_apart(sound, "a.pdf")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    try:
        with pytest.raises(KeyboardInterrupt):
            extract_apart(b"hang", "a.pdf")
    finally:
        signal.signal(signal.SIGALRM, before)
    assert extract_apart(sound, "a.pdf").text == "We saw 12 patients.\n"
