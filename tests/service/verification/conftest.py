"""What the verifier's tests share."""

import pytest

from service.verification import Evidence, Judge, Verdict, verify


@pytest.fixture(scope="session")
def judge(encoder) -> Judge:
    """Judges with the embedded default model."""
    return Judge(encoder)


@pytest.fixture
def verdict_on(judge):
    """The verdict on a claim against one text or several."""

    def verdict(claim: str, *texts: str, together: bool = False) -> Verdict:
        return verify(claim, [Evidence(text) for text in texts], judge, together=together)

    return verdict
