"""A document of four sentences, questions about it, and a system that finds what it is told to."""

import pytest

from eval import runs
from eval.figures import figures
from eval.questions import Question, Quote
from eval.systems import Answer, Retrieved

TEXT = "Cats purr loudly. Dogs bark. Birds sing at dawn. Fish swim."


@pytest.fixture
def texts() -> dict[str, str]:
    """The documents: one, "zoo"."""
    return {"zoo": TEXT}


@pytest.fixture
def ask():
    """A question; its evidence is one group of one quote for each string."""

    def ask(name: str, *quotes: str, type_: str = "fact", **fields) -> Question:
        evidence = tuple((Quote(document="zoo", quote=quote),) for quote in quotes)
        return Question(
            id=name.replace(" ", "-"),
            type=type_,
            question=f"{name}?",
            evidence=evidence,
            answer="",
            must_say=(),
            **fields,
        )

    return ask


@pytest.fixture
def passage():
    """A passage of "zoo" that covers these words and nothing else."""

    def passage(words: str, name: str | None = None) -> Retrieved:
        start = TEXT.index(words)
        return Retrieved(name or words.split()[0], "zoo", ((start, start + len(words)),), words)

    return passage


class Told:
    """Finds the same passages again and again: question id to passages, confidence, refused."""

    about = "a system that finds what it is told to"

    def __init__(self, name, answers):
        self.name = name
        self._answers = answers

    def search(self, question, depth):
        passages, confidence, refused = self._answers[question.id]
        return Answer(tuple(passages[:depth]), confidence, refused)


@pytest.fixture
def measured(texts):
    """The figures of a system that answers as told: {question: (passages, confidence, refused)}."""

    def measured(name, answers):
        told = {question.id: answer for question, answer in answers.items()}
        run = runs.run(Told(name, told), list(answers), texts, lambda *step: None)
        return figures(run)

    return measured
