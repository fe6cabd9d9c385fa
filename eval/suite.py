"""Asking the questions: of systems in this process, of a running service, or both."""

from collections.abc import Sequence
from datetime import UTC, datetime

from eval import catalogue
from eval.compare import compare
from eval.figures import Figures, figures
from eval.outcome import Outcome
from eval.questions import Question
from eval.remembering import RememberingEncoder
from eval.remote import RemoteSystem
from eval.runs import Report, run
from ingest.encoder import load_encoder
from ingest.searchable import Searchable


def measure_here(
    names: Sequence[str],
    questions: Sequence[Question],
    generation: Searchable,
    encoder_name: str,
    report: Report,
) -> tuple[str, list[Figures]]:
    """Measure systems of the catalogue over a generation; also says what was measured.

    Raises UnknownSystem, QuestionsError, or what `load_encoder` raises.
    """
    catalogue.check_names(names)
    texts = {document.id: document.text for document in generation.documents.values()}
    encoder = RememberingEncoder(load_encoder(encoder_name))
    measured = [
        figures(run(system, questions, texts, report, encoder.clock))
        for system in catalogue.make_systems(names, generation, encoder, texts)
    ]
    return f"index {generation.name} with {encoder.info.name}", measured


def measure_service(url: str, questions: Sequence[Question], report: Report) -> Figures:
    """Measure the service at `url`. Raises ServiceFailed."""
    with RemoteSystem(url) as service:
        return figures(run(service, questions, service.texts(), report))


def outcome(measured: str, split: str, found: Sequence[Figures], compared: tuple[str, str] | None) -> Outcome:
    """What was found out, and the comparison of two of the systems if it is asked for."""
    by_name = {one.name: one for one in found}
    comparison = compare(by_name[compared[0]], by_name[compared[1]]) if compared else None
    created = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    return Outcome(created, split, measured, tuple(found), comparison)
