"""Everything that one call of `needle eval` found out."""

from collections import Counter
from dataclasses import dataclass

from eval.compare import Comparison
from eval.figures import Figures

# Whose figures stand out: what is served, in this process or over HTTP.
_FOREMOST = ("full", "service")


@dataclass(frozen=True, slots=True)
class Outcome:
    """The systems' figures on the same questions.

    created: date and time, UTC.
    split: "dev", "test" or "all".
    measured: what was searched: the index and its model, or the address of a service.
    """

    created: str
    split: str
    measured: str
    figures: tuple[Figures, ...]
    comparison: Comparison | None = None

    @property
    def primary(self) -> Figures:
        """The system that is shown in detail: "full" if it was measured, else the service, else the last."""
        by_name = {one.name: one for one in self.figures}
        return next((by_name[name] for name in _FOREMOST if name in by_name), self.figures[-1])

    @property
    def questions(self) -> Counter[str]:
        """The number of questions by type."""
        return Counter(asked.question.type for asked in self.primary.run.asked)

    @property
    def answerable(self) -> int:
        """The number of questions that can be answered."""
        return len(self.primary.run.answerable)
