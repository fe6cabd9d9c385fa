"""Whether two answers of the service are the same: in everything but the time and the generation's name."""

import json
import math

import httpx

_OF_THE_RUN = {"timings_ms", "index", "fingerprint"}
# Texts that are encoded in one batch with others differ in the last digits of float32, and scores with them.
_TOLERANCE = 1e-3


def content(response: httpx.Response) -> object:
    """What an answer says, as plain values; of a stream, its events. AssertionError if that broke off."""
    if not response.headers["content-type"].startswith("text/event-stream"):
        return _lasting(response.json())
    events = [
        [line.partition(": ")[2] for line in block.splitlines()]
        for block in response.text.split("\n\n")
        if block.startswith("event: ")
    ]
    assert events and events[-1][0] == "done", "the stream broke off"
    return [[name, _lasting(json.loads(data))] for name, data in events]


def difference(one: object, other: object, place: str = "") -> str | None:
    """Where two contents first differ, and how; None if they are the same."""
    match one, other:
        case float() | int(), float() | int() if math.isclose(one, other, abs_tol=_TOLERANCE):
            return None
        case dict(), dict() if one.keys() == other.keys():
            parts = [difference(one[name], other[name], f"{place}.{name}") for name in one]
        case list(), list() if len(one) == len(other):
            parts = [
                difference(*pair, f"{place}[{n}]") for n, pair in enumerate(zip(one, other, strict=True))
            ]
        case _:
            return None if one == other else f"{place}: {one!r:.200} is not {other!r:.200}"
    return next(filter(None, parts), None)


def _lasting(value: object) -> object:
    if isinstance(value, dict):
        return {name: _lasting(part) for name, part in value.items() if name not in _OF_THE_RUN}
    return [_lasting(part) for part in value] if isinstance(value, list) else value
