import traceback

import pytest

from service.errors import SettingsError
from service.settings import load_settings

ADDRESS = "http://127.0.0.1:11434/v1"


def refusal() -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings()
    return "".join(traceback.format_exception(caught.value))


def test_without_an_address_there_is_no_model():
    assert load_settings().llm_base_url is None


def test_an_address_loses_its_last_slash(monkeypatch):
    monkeypatch.setenv("NEEDLE_LLM_BASE_URL", f"{ADDRESS}/")
    assert load_settings().llm_base_url == ADDRESS


@pytest.mark.parametrize(
    ("variable", "value", "rule"),
    [
        ("BASE_URL", "127.0.0.1:11434/v1", "must begin with http:// or https:// and a host"),
        ("BASE_URL", "file:///etc/passwd", "must begin with http:// or https:// and a host"),
        ("BASE_URL", f"{ADDRESS}?key=1", "must have no user, password, ? or #"),
        ("TIMEOUT", "0", "must be at least 0.1"),
        ("TIMEOUT", "601", "must be at most 600"),
        ("MAX_TOKENS", "31", "must be at least 32"),
        ("MAX_TOKENS", "8193", "must be at most 8192"),
    ],
)
def test_a_wrong_value_is_refused_with_its_rule(monkeypatch, variable, value, rule):
    monkeypatch.setenv(f"NEEDLE_LLM_{variable}", value)
    assert f"NEEDLE_LLM_{variable} is “{value}”: it {rule}" in refusal()


def test_a_password_in_an_address_is_not_repeated(monkeypatch):
    monkeypatch.setenv("NEEDLE_LLM_BASE_URL", "https://me:top-secret@example.org/v1")
    told = refusal()
    assert "NEEDLE_LLM_BASE_URL is not shown here: it must have no user, password" in told
    assert "top-secret" not in told


def test_a_key_that_fits_no_header_is_refused_and_not_repeated(monkeypatch):
    monkeypatch.setenv("NEEDLE_LLM_API_KEY", "top-secret\n")
    told = refusal()
    assert "NEEDLE_LLM_API_KEY is not shown here: it must have printable ASCII characters only" in told
    assert "top-secret" not in told


def test_a_key_is_in_no_representation_of_the_settings(monkeypatch):
    monkeypatch.setenv("NEEDLE_LLM_API_KEY", "top-secret")
    settings = load_settings()
    assert settings.llm_api_key
    assert settings.llm_api_key.get_secret_value() == "top-secret"
    assert "top-secret" not in f"{settings!r} {settings} {settings.model_dump_json()}"
