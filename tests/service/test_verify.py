"""One claim against given text, given passages or the whole corpus, over HTTP and on the command line."""

import pytest

REDUCTION = (
    "Several groups have reported 36-70% reduction in radiation exposure for pediatric CT, "
    "while others achieved a lower dose of contrast."
)
TRIAL = "In a randomized trial, the new needle may reduce bleeding. Surgeons did not report any infection."


@pytest.fixture
def verdict(client):
    return lambda **body: client.post("/v1/verify", json=body).raise_for_status().json()


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("Radiation exposure in pediatric CT was reduced by 36 to 70 percent.", REDUCTION),
        ("Several groups have reported 36-70% reduction in radiation exposure for pediatric CT.", REDUCTION),
        ("The new needle may reduce bleeding.", TRIAL),
        ("Over 425,000 patients took part.", "A total of 425,148 patients took part."),
    ],
)
def test_what_the_passage_says_is_supported(verdict, claim, passage):
    assert verdict(claim=claim, passage=passage)["verdict"] == "supported"


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("Radiation exposure in pediatric CT was reduced by 50 to 90 percent.", REDUCTION),
        ("Radiation exposure in pediatric CT was increased by 36-70%.", REDUCTION),
        ("Surgeons reported an infection.", TRIAL),
        ("Robots can steer catheters through the heart.", TRIAL),
        ("500,000 patients took part.", "A total of 425,148 patients took part."),
    ],
)
def test_what_the_passage_does_not_say_is_unsupported_with_a_reason(verdict, claim, passage):
    found = verdict(claim=claim, passage=passage)
    assert found["verdict"] == "unsupported"
    assert found["reasons"]


def test_a_reason_names_both_numbers(verdict):
    reasons = verdict(
        claim="A total of 500,000 patients took part.", passage="A total of 425,148 patients took part."
    )
    assert any("425,148" in reason and "500,000" in reason for reason in reasons["reasons"])


def test_without_a_passage_the_whole_corpus_is_asked(verdict, generation):
    found = verdict(claim="Park et al. used data from a cohort of 425,148 patients.")
    assert found["verdict"] == "supported"
    [evidence] = found["evidence"]
    text = generation.documents["lim"].text
    assert evidence["cited_text"] == " ".join(text[start:end] for start, end in evidence["spans"])
    assert "425,148" in evidence["cited_text"]


def test_named_passages_are_the_only_evidence(verdict, client):
    question = {"question": "What is policy stitching?", "top_k": 1}
    other = client.post("/v1/search", json=question).json()["passages"][0]["id"]
    claim = "Park et al. used data from a cohort of 425,148 patients."
    assert verdict(claim=claim, passage_ids=[other])["verdict"] == "unsupported"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"claim": ""}, 422, "invalid_request"),
        ({"claim": "x" * 2001}, 422, "invalid_request"),
        ({"claim": "It is so.", "passage": "It is.", "passage_ids": ["a"]}, 422, "invalid_request"),
        ({"claim": "It is so.", "passage_ids": ["nowhere"]}, 404, "unknown_passage"),
    ],
)
def test_bad_requests_are_problems(client, body, status, code):
    response = client.post("/v1/verify", json=body)
    assert (response.status_code, response.json()["code"]) == (status, code)
