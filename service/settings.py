"""Settings: environment variables named NEEDLE_…, or lines of a file `.env` in the working directory."""

import hashlib
import os
from difflib import get_close_matches
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from ingest.caches import user_cache
from ingest.publishing import Server
from service import broken_rules
from service.access.loopback import is_loopback
from service.errors import SettingsError

PREFIX = "NEEDLE_"
ENV_FILE = ".env"
MIN_KEY = 16  # characters


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
    index: Path | str = Field(
        default=Path("index"),
        description="Folder that the index is written to and read from, relative to the working directory; "
        "or the address of a Qdrant server, such as https://qdrant.example.org:6333.",
    )
    qdrant_api_key: SecretStr | None = Field(
        default=None,
        description="Key for that server, sent to it alone and never logged; none if left out.",
    )
    encoder: str = Field(
        default="all-MiniLM-L6-v2",
        min_length=1,
        max_length=1024,
        description="Embedding model: all-MiniLM-L6-v2 is built in; any other name or path is loaded by "
        "sentence-transformers. A change needs a new index.",
    )
    vectors: Literal["auto", "flat", "lists"] = Field(
        default="auto",
        description="How the passages nearest to a question are found: flat compares all of them, exactly; "
        "lists looks through the nearest of many lists (FAISS, IVF with int8), which finds nearly all of "
        "them sooner; auto takes lists above 50,000 passages. A change counts from the next ingestion that "
        "writes an index.",
    )
    queue: int = Field(
        default=128,
        ge=1,
        le=10_000,
        description="Most questions that are answered or wait for it at once, 1 to 10000; further ones are "
        "answered 503 with Retry-After.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least level that is logged: debug, info, warning or error."
    )
    log_format: Literal["auto", "json", "text"] = Field(
        default="auto", description="Form of the log: json, text, or auto, which is text on a terminal only."
    )
    log_questions: bool = Field(
        default=False,
        description="Whether the log may repeat questions, true or false; they may tell of a patient.",
    )
    api_keys: SecretStr | None = Field(
        default=None,
        description="Keys for reading, separated by commas, each of 16 characters or more; a client sends "
        "one as “Authorization: Bearer KEY”. Without them everyone who reaches the service may read.",
    )
    rate_limit: int = Field(
        default=0,
        ge=0,
        le=1_000_000,
        description="Most requests a minute with one key, or of all together where there are no keys; "
        "0 for no limit.",
    )
    cors_origins: str = Field(
        default="",
        max_length=4096,
        description="Origins of other sites whose pages may ask, separated by commas, such as "
        "https://example.org; none if left out.",
    )
    allowed_hosts: str = Field(
        default="",
        max_length=4096,
        description="Names that the service is reached by, separated by commas, such as needle.example.org. "
        "If left out, a service on a loopback address knows this machine's own, any other takes any name.",
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

    @field_validator("index", mode="before")
    @classmethod
    def _folder_or_server(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        if not value.lower().startswith(("http://", "https://")):
            return Path(value)
        parts = urlsplit(value)
        if not parts.hostname or parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError(
                "must have a host and no user, password, ? or #; a key goes in NEEDLE_QDRANT_API_KEY"
            )
        return value.rstrip("/")

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

    @field_validator("api_keys")
    @classmethod
    def _hard_to_guess(cls, value: SecretStr | None) -> SecretStr | None:
        keys = _parts(value.get_secret_value()) if value else []
        if any(
            len(key) < MIN_KEY or not key.isascii() or not key.isprintable() or " " in key for key in keys
        ):
            raise ValueError(
                f"must have keys of {MIN_KEY} characters or more, of printable ASCII without blanks, between "
                "its commas; make one with: openssl rand -hex 24"
            )
        return value

    @field_validator("cors_origins")
    @classmethod
    def _named_origins(cls, value: str) -> str:
        for origin in _parts(value):
            parts = urlsplit(origin)
            if parts.scheme not in ("http", "https") or origin != f"{parts.scheme}://{parts.netloc}":
                raise ValueError("must name origins as https://example.org, without a path; write them so")
        return value

    @field_validator("llm_api_key", "admin_key", "qdrant_api_key")
    @classmethod
    def _fit_for_a_header(cls, value: SecretStr | None) -> SecretStr | None:
        key = value.get_secret_value() if value else ""
        if not (key.isascii() and key.isprintable()):
            raise ValueError("must have printable ASCII characters only; copy it again")
        return value

    @field_validator("admin_key")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value and len(value.get_secret_value()) < MIN_KEY:
            raise ValueError(f"must have at least {MIN_KEY} characters; make one with `openssl rand -hex 16`")
        return value

    def working_folder(self) -> Path:
        """Where builds work: the index itself, or a folder of this user's where it is on a server.

        Another machine may build into the same server; it only has to embed what it has not embedded before.
        """
        if isinstance(self.index, Path):
            return self.index
        digest = hashlib.sha256(self.index.encode()).hexdigest()[:16]
        return user_cache() / "qdrant" / digest

    def server(self) -> Server | None:
        """The Qdrant server that the index is on; None if it is in a folder."""
        key = self.qdrant_api_key.get_secret_value() if self.qdrant_api_key else None
        return Server(self.index, key) if isinstance(self.index, str) else None

    def listed(self, name: Literal["cors_origins", "allowed_hosts"]) -> list[str]:
        """The parts of a setting that is a list."""
        return _parts(getattr(self, name))

    def reading_keys(self) -> list[str]:
        """Every key that may read, the admin key among them; none if everyone may."""
        keys = _parts(self.api_keys.get_secret_value()) if self.api_keys else []
        return [*keys, self.admin_key.get_secret_value()] if keys and self.admin_key else keys

    def host_names(self) -> list[str]:
        """The names that requests may be meant for; any if there are none."""
        names = [name.lower() for name in self.listed("allowed_hosts")]
        return [*names, self.host.lower()] if names or is_loopback(self.host) else []


def _parts(listed: str) -> list[str]:
    return [part for part in map(str.strip, listed.split(",")) if part]


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
        secret = name.endswith(("_key", "_keys")) or "@" in str(error["input"])  # an address with a password
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
