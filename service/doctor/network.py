"""The port that Needle listens on, and the language model's endpoint."""

from typing import Any

import httpx

from service.cli.serve import listen
from service.doctor.findings import Finding, of_error
from service.errors import PortUnavailable
from service.settings import Settings

# A machine that answers takes milliseconds; a person waits for the whole report.
_SECONDS = 3.0
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}


def port(settings: Settings) -> Finding:
    """Whether Needle can listen, or does so already."""
    where = f"{settings.host} port {settings.port}"
    try:
        with listen(settings.host, settings.port):
            pass
    except PortUnavailable as exc:
        served = _served(settings)
        if served:
            return Finding("port", "ok", f"Needle answers on {where} already, {served}")
        return of_error("port", exc)
    return Finding("port", "ok", f"{where} is free")


def _served(settings: Settings) -> str | None:
    """What a Needle that listens there says of itself; None if it is something else."""
    host = _EVERYWHERE.get(settings.host, settings.host)
    address = f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"
    try:
        body = _get(f"{address}/readyz", {}).json()
    except (httpx.HTTPError, ValueError):
        return None
    if not isinstance(body, dict):
        return None
    if str(body.get("type", "")).startswith("urn:needle:problem:"):
        return f"but says {body.get('code')}"
    return f"from generation {body['generation']}" if "generation" in body else None


def language_model(settings: Settings) -> Finding:
    """Whether the endpoint answers and knows the model; neither its address nor the key is told."""
    if settings.llm_base_url is None:
        return Finding("language model", "ok", "none is set; answers are the documents' own sentences")
    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else ""
    try:
        response = _get(f"{settings.llm_base_url}/models", {"Authorization": f"Bearer {key}"} if key else {})
    except (httpx.HTTPError, ValueError) as exc:
        found = f"the endpoint in NEEDLE_LLM_BASE_URL cannot be reached ({type(exc).__name__})"
        return Finding("language model", "problem", found, "start it, or correct NEEDLE_LLM_BASE_URL")
    if response.status_code in (401, 403):
        found = f"the endpoint refuses the key (status {response.status_code})"
        return Finding("language model", "problem", found, "correct NEEDLE_LLM_API_KEY")
    names = _models(response)
    if names is None:
        found = f"the endpoint does not list its models (status {response.status_code})"
        mend = "NEEDLE_LLM_BASE_URL should end in /v1; some endpoints list none and still answer: ask and see"
        return Finding("language model", "warning", found, mend)
    if settings.llm_model not in names:
        found = (
            f"the endpoint answers, but does not list {settings.llm_model!r} among its {len(names)} models"
        )
        return Finding(
            "language model", "warning", found, "fetch the model there, or correct NEEDLE_LLM_MODEL"
        )
    return Finding("language model", "ok", f"the endpoint answers and lists {settings.llm_model!r}")


def _get(url: str, headers: dict[str, str]) -> httpx.Response:
    # A proxy of the environment does not lead to this machine, and none is meant for a short look.
    return httpx.get(url, headers=headers, timeout=_SECONDS, trust_env=False, follow_redirects=False)


def _models(response: httpx.Response) -> set[str] | None:
    try:
        listed: Any = response.json()["data"] if response.status_code == httpx.codes.OK else None
        return {str(model["id"]) for model in listed}
    except (ValueError, KeyError, TypeError):
        return None
