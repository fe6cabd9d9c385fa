"""What pydantic finds wrong, in words: the value, the rule and the mend."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from service.errors import InvalidRequest

_SHOWN = 120  # characters of a wrong value that are repeated to its sender

_RULES = {
    "missing": "is required; add it",
    "extra_forbidden": "is no field of this request; leave it out or correct its name",
    "string_type": "must be a string; put it in quotes",
    "string_unicode": "must be valid Unicode; remove the lone surrogates",
    "string_too_long": "must have at most {max_length:,} characters and has {length:,}; shorten it",
    "string_too_short": "must have at least {min_length} character that is not blank; write it out",
    "int_type": "must be a whole number without quotes; write it so",
    "int_parsing": "must be a whole number; write it in digits",
    "int_from_float": "must be a whole number; leave out the decimals",
    "bool_parsing": "must be true or false; write one of them",
    "bool_type": "must be true or false; write it without quotes",
    "list_type": "must be a list; put it in square brackets",
    "too_long": "must have at most {max_length} entries and has {actual_length}; leave some out",
    "too_short": "must have at least {min_length} entry; add one or leave the whole field out",
    "greater_than_equal": "must be at least {ge}; raise it",
    "less_than_equal": "must be at most {le}; lower it",
    "literal_error": "must be one of {expected}; choose one",
    "model_attributes_type": "must be a JSON object; send one, with Content-Type: application/json",
    "model_type": "must be a JSON object; write it in braces",
    "dict_type": "must be a JSON object; write it in braces",
    "history_entry": "must be a string, {{role, content}} or {{question, answer}}; write it as one of these",
    "value_error": "{error}",
}


M = TypeVar("M", bound=BaseModel)


def validated(model: type[M], fields: Mapping[str, Any]) -> M:
    """The request that `fields` make. Raises InvalidRequest, one line for the first that breaks a rule."""
    try:
        return model.model_validate(fields)
    except ValidationError as exc:
        error = exc.errors()[0]
        raise InvalidRequest(message({**error, "loc": ("request", *error["loc"])})) from exc


def rule(error: Mapping[str, Any]) -> str:
    """The rule that was broken and the mend, to be read after the name of the field or its value."""
    given = error["input"]
    context = {**error.get("ctx", {}), "length": len(given.strip()) if isinstance(given, str) else 0}
    template = _RULES.get(error["type"], f"is refused ({error['msg']}); correct it")
    if error["type"] not in _RULES:
        return template
    return template.format(**context)


def message(error: Mapping[str, Any]) -> str:
    """One line that names field, value, rule and mend."""
    field = field_name(error["loc"])
    if error["type"] == "missing":
        return f"{field} {rule(error)}"
    return f"{field} is {shown(error['input'])}: it {rule(error)}"


def field_name(location: Sequence[int | str]) -> str:
    """`history[0].content` for `("body", "history", 0, "a message", "content")`.

    A part with a blank in it is the name of a choice between models, which the sender never wrote.
    """
    name = ""
    for part in location[1:]:
        if isinstance(part, int):
            name += f"[{part}]"
        elif " " not in part or part == location[-1]:
            name += f".{part}" if name else part
    return name or str(location[0])


def plain(value: object) -> str | int | float | bool | None:
    """`value` as it may be repeated in JSON: short, finite, and valid Unicode."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) < 2**53:
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    text = value if isinstance(value, str) else _abridged(value)
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def shown(value: object) -> str:
    """`value` as it may stand in a sentence."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return f"“{plain(value)}”" if isinstance(value, str) else str(plain(value))


def _abridged(value: object) -> str:
    if isinstance(value, dict):
        return f"an object with {len(value)} fields"
    if isinstance(value, list):
        return f"a list with {len(value)} entries"
    if isinstance(value, bytes):
        return f"{len(value)} bytes that were not sent as JSON"
    if isinstance(value, int):
        return f"a number of {value.bit_length()} bits"
    return str(value)
