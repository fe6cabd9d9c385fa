"""Settings: environment variables named NEEDLE_…, or lines of a file `.env` in the working directory."""

import os
from difflib import get_close_matches
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from service import broken_rules
from service.errors import SettingsError

PREFIX = "NEEDLE_"
ENV_FILE = ".env"
_ADMIN_KEY_LENGTH = 16


class Settings(BaseSettings):
    """Every setting of Needle; the variable of `port` is NEEDLE_PORT."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=ENV_FILE, env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore"
    )

    host: str = Field(
        default="127.0.0.1",
        min_length=1,
        max_length=255,
        description="Address to listen on, an IP address or a name; 0.0.0.0 is every interface.",
    )
    port: int = Field(
        default=8000, ge=0, le=65535, description="TCP port to listen on, 0 to 65535; 0 takes any free one."
    )
    corpus: Path = Field(
        default=Path("corpus"),
        description="Folder with the documents and corpus.toml, relative to the working directory.",
    )
    index: Path = Field(
        default=Path("index"),
        description="Folder that the index is written to and read from, relative to the working directory.",
    )
    encoder: str = Field(
        default="all-MiniLM-L6-v2",
        min_length=1,
        max_length=1024,
        description="Embedding model: all-MiniLM-L6-v2 is built in; any other name or path is loaded by "
        "sentence-transformers. A change needs a new index.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least level that is logged: debug, info, warning or error."
    )
    admin_key: SecretStr | None = Field(
        default=None,
        description="Key that may add and remove documents over HTTP, 16 characters or more; without one "
        "those routes are off.",
    )
    llm_base_url: str | None = Field(
        default=None,
        max_length=1024,
        description="OpenAI-compatible endpoint of a language model that composes answers, with /v1 at its "
        "end, such as http://127.0.0.1:11434/v1; none if left out.",
    )
    llm_model: str = Field(
        default="llama3.2:3b",
        min_length=1,
        max_length=256,
        description="Language model, by the name that the endpoint knows it by.",
    )
    llm_api_key: SecretStr | None = Field(
        default=None, description="Key for the endpoint, sent to it alone and never logged; none if left out."
    )
    llm_timeout: float = Field(
        default=60.0,
        ge=0.1,
        le=600,
        description="Most seconds that the language model may take for one answer, 0.1 to 600; after that "
        "the documents' own sentences are given.",
    )
    llm_max_tokens: int = Field(
        default=500,
        ge=32,
        le=8192,
        description="Most tokens that the language model may write for one answer, 32 to 8192.",
    )

    @field_validator("llm_base_url")
    @classmethod
    def _reachable_over_http(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must begin with http:// or https:// and a host; write it so")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError("must have no user, password, ? or #; a key goes in NEEDLE_LLM_API_KEY")
        return value.rstrip("/")

    @field_validator("llm_api_key", "admin_key")
    @classmethod
    def _fit_for_a_header(cls, value: SecretStr | None) -> SecretStr | None:
        key = value.get_secret_value() if value else ""
        if not (key.isascii() and key.isprintable()):
            raise ValueError("must have printable ASCII characters only; copy it again")
        return value

    @field_validator("admin_key")
    @classmethod
    def _hard_to_guess(cls, value: SecretStr | None) -> SecretStr | None:
        if value and len(value.get_secret_value()) < _ADMIN_KEY_LENGTH:
            raise ValueError(
                f"must have at least {_ADMIN_KEY_LENGTH} characters; make one with `openssl rand -hex 16`"
            )
        return value


def load_settings() -> Settings:
    """Read the settings from the environment.

    Raises SettingsError, one line with variable, value and rule, for the first that is wrong or unknown.
    """
    _refuse_unknown()
    try:
        return Settings()
    except ValidationError as exc:
        error = exc.errors()[0]
        name = str(error["loc"][0])
        # An address may hold a password.
        secret = name in ("llm_api_key", "admin_key") or "@" in str(error["input"])
        value = "not shown here" if secret else broken_rules.shown(error["input"])
        # A traceback would show the secret in the cause.
        cause = None if secret else exc
        raise SettingsError(f"{PREFIX}{name.upper()} is {value}: it {broken_rules.rule(error)}") from cause


def _refuse_unknown() -> None:
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    for name in (*os.environ, *_file_names()):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            near = get_close_matches(name.upper(), known, n=1)
            mend = f"did you mean {near[0]}?" if near else f"unset it; there are {', '.join(known)}"
            raise SettingsError(f"{name} is no setting; {mend}")


def _file_names() -> list[str]:
    try:
        return list(dotenv_values(ENV_FILE, encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as exc:
        raise SettingsError(f"{ENV_FILE} cannot be read as UTF-8 text ({exc}); mend or remove it") from exc
