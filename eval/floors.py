"""The floors: figures that the ranking must keep."""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.errors import FloorsError
from eval.figures import Figures

FILE = Path(__file__).parent / "floors.toml"


class Floors(BaseModel):
    """Bounds by the name of a figure (`Figures.value`)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at_least: dict[str, float] = {}
    at_most: dict[str, float] = {}


def load_floors(path: Path = FILE) -> Floors:
    """Read the file of floors. Raises FloorsError with what is wrong and the mend."""
    try:
        return Floors.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise FloorsError(f"{path} cannot be read ({exc}); restore it") from exc
    except ValidationError as exc:
        error = exc.errors()[0]
        place = ".".join(str(part) for part in error["loc"])
        raise FloorsError(f"{path}: {place} is {error['input']!r:.80}: {error['msg']}; mend it") from exc


def broken(floors: Floors, figures: Figures) -> list[str]:
    """One line for each floor that is not kept. Raises FloorsError for a figure that is not measured."""
    lines = []
    for name, bound in floors.at_least.items():
        if (value := _value(figures, name)) < bound:
            lines.append(f"{name} of {figures.name!r} is {value:.3f} and must be {bound:.3f} or more")
    for name, bound in floors.at_most.items():
        if (value := _value(figures, name)) > bound:
            lines.append(f"{name} of {figures.name!r} is {value:.3f} and must be {bound:.3f} or less")
    return lines


def _value(figures: Figures, name: str) -> float:
    try:
        return figures.value(name)
    except KeyError as exc:
        raise FloorsError(
            f"there is a floor for {name!r}, which these questions do not measure; "
            "ask all of them, or remove it"
        ) from exc
