"""All checks in order. None of them stops the others, whatever is broken."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from ingest.errors import NeedleError
from service.doctor import environment
from service.doctor.findings import Finding

if TYPE_CHECKING:
    from service.settings import Settings


def examine() -> list[Finding]:
    """Every finding; those that need settings are left out while the settings are wrong."""
    findings = [
        *_guarded("python", lambda: [environment.python()]),
        *_guarded("packages", lambda: [environment.packages()]),
        *_guarded("processors", lambda: [environment.processors()]),
    ]
    settings, of_settings = _settings()
    findings.append(of_settings)
    if settings is not None:
        found = settings
        findings += _guarded("index", lambda: _index(found))
        findings += _guarded("model", lambda: _model(found))
        findings += _guarded("port", lambda: _port(found))
        findings += _guarded("language model", lambda: _language_model(found))
    return findings


def _settings() -> tuple["Settings | None", Finding]:
    try:
        from service.settings import load_settings

        return load_settings(), Finding("settings", "ok", "every variable and line of .env is right")
    except NeedleError as exc:
        mend = "correct it and run this again: what depends on settings was not checked"
        return None, Finding("settings", "problem", str(exc), mend)
    except Exception as exc:
        return None, _broken("settings", exc)


# Imported inside, since a package that is missing must not take the other checks with it.
def _index(settings: "Settings") -> Iterable[Finding]:
    from service.doctor import index

    return index.examine(settings)


def _model(settings: "Settings") -> Iterable[Finding]:
    from service.doctor import model

    return model.examine(settings)


def _port(settings: "Settings") -> Iterable[Finding]:
    from service.doctor import network

    return [network.port(settings)]


def _language_model(settings: "Settings") -> Iterable[Finding]:
    from service.doctor import network

    return [network.language_model(settings)]


def _guarded(check: str, examine: Callable[[], Iterable[Finding]]) -> list[Finding]:
    findings: list[Finding] = []
    try:
        findings.extend(examine())  # keeps what was found before a failure
    except Exception as exc:
        findings.append(_broken(check, exc))
    return findings


def _broken(check: str, exc: Exception) -> Finding:
    # Not what it says: that could be anything, a key too.
    found = f"the check itself failed ({type(exc).__name__}"
    found += f": {exc.name})" if isinstance(exc, ModuleNotFoundError) else ")"
    return Finding(check, "problem", found, "install Needle anew: make serve")
