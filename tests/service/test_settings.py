import re
from pathlib import Path

import pytest

from ingest.publishing import Server
from service.errors import SettingsError
from service.settings import Settings, load_settings


def refusal() -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings()
    return str(caught.value)


def test_defaults_need_no_environment():
    settings = load_settings()
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert (settings.corpus, settings.index) == (Path("corpus"), Path("index"))
    assert settings.encoder == "all-MiniLM-L6-v2"


def test_a_variable_is_read(monkeypatch):
    monkeypatch.setenv("NEEDLE_PORT", "8123")
    assert load_settings().port == 8123


def test_a_line_of_the_env_file_is_read():
    Path(".env").write_text("NEEDLE_INDEX=elsewhere\nOTHER=1\n")
    assert load_settings().index == Path("elsewhere")


def test_an_index_is_a_folder_or_a_server(monkeypatch):
    monkeypatch.setenv("NEEDLE_INDEX", "https://qdrant.example.org:6333/")
    monkeypatch.setenv("NEEDLE_QDRANT_API_KEY", "secret")
    settings = load_settings()
    assert settings.server() == Server("https://qdrant.example.org:6333", "secret")
    assert "secret" not in repr(settings.server())
    assert Settings(index="elsewhere").server() is None
    assert Settings(index="elsewhere").working_folder() == Path("elsewhere")


def test_a_server_with_a_password_in_its_address_is_refused_and_not_shown(monkeypatch):
    monkeypatch.setenv("NEEDLE_INDEX", "http://someone:opensesame@qdrant.example.org")
    line = refusal()
    assert "a key goes in NEEDLE_QDRANT_API_KEY" in line
    assert "sesame" not in line


def test_an_empty_variable_counts_as_unset(monkeypatch):
    monkeypatch.setenv("NEEDLE_PORT", "")
    assert load_settings().port == 8000


@pytest.mark.parametrize(
    ("variable", "value", "rule"),
    [
        ("NEEDLE_PORT", "65536", "it must be at most 65535"),
        ("NEEDLE_PORT", "-1", "it must be at least 0"),
        ("NEEDLE_PORT", "tcp://10.0.0.1:8000", "it must be a whole number"),
        ("NEEDLE_LOG_LEVEL", "loud", "it must be one of 'debug', 'info', 'warning' or 'error'"),
    ],
)
def test_a_wrong_value_is_refused_with_variable_value_and_rule(monkeypatch, variable, value, rule):
    monkeypatch.setenv(variable, value)
    line = refusal()
    assert line.startswith(f"{variable} is “{value}”: {rule}")
    assert "\n" not in line


def test_an_admin_key_that_could_be_guessed_is_refused_and_not_shown(monkeypatch):
    monkeypatch.setenv("NEEDLE_ADMIN_KEY", "open sesame")
    line = refusal()
    assert line.startswith("NEEDLE_ADMIN_KEY is not shown here: it must have at least 16 characters")
    assert "sesame" not in line


def test_a_misspelt_variable_is_refused_with_the_right_spelling(monkeypatch):
    monkeypatch.setenv("NEEDLE_PROT", "8000")
    assert refusal() == "NEEDLE_PROT is no setting; did you mean NEEDLE_PORT?"


def test_a_misspelt_line_of_the_env_file_is_refused():
    Path(".env").write_text("NEEDLE_PROT=8000\n")
    assert "NEEDLE_PROT is no setting" in refusal()


def test_an_env_file_that_is_no_text_is_refused():
    Path(".env").write_bytes(b"NEEDLE_PORT=\xff\n")
    assert ".env cannot be read as UTF-8" in refusal()


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_described_in_a_sentence(name):
    assert re.fullmatch(r"[A-Z].{20,}\.", Settings.model_fields[name].description or "")
