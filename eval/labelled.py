"""Files of hand-labelled things, one JSON object a line: how they are read, what is said of a wrong one."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from eval.errors import QuestionsError


class Labelled(Protocol):
    """Whatever has an id of its own."""

    @property
    def id(self) -> str: ...


One = TypeVar("One", bound=Labelled)
Model = TypeVar("Model", bound=BaseModel)


def load(path: Path, name: str, read: Callable[[str, str], One]) -> tuple[One, ...]:
    """Read each line by `read(place, line)`, in order.

    name: what the file holds, in the plural. Raises QuestionsError for a file that cannot be read and for an
    id that is given twice.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise QuestionsError(
            f"{path} cannot be read ({exc}); name a file of {name}, one JSON object a line"
        ) from exc
    found = tuple(read(f"{path} line {n}", line) for n, line in enumerate(lines, start=1) if line.strip())
    ids = [one.id for one in found]
    if repeated := next((one for one in ids if ids.count(one) > 1), None):
        raise QuestionsError(f"{path}: two {name} have the id {repeated!r}; give each its own")
    return found


def parse(model: type[Model], place: str, line: str) -> Model:
    """One line as `model`. Raises QuestionsError with the place, the field, its value and the rule."""
    try:
        return model.model_validate_json(line)
    except ValidationError as exc:
        error = exc.errors()[0]
        field = ".".join(str(part) for part in error["loc"]) or "the line"
        raise QuestionsError(f"{place}: {field} is {error['input']!r:.80}: {error['msg']}; mend it") from exc
