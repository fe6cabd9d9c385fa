import time

import pytest

from service.verification import Evidence, Judge, evidence_of, verify

LEARNING = "Federated learning lets hospitals train a model together while their records stay on site."
TRIAL = (
    "The trial enrolled two groups of 40 patients. Mean procedure time fell from 62 to 48 minutes with the "
    "navigation system. Complication rates did not differ."
)
ROW = (
    "| Lung | CT | Predict malignancy of nodules | Retrospective "
    "| AUC 0.91 in training set, 0.86 in test set | Haas et al 2022 |"
)


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        (LEARNING, LEARNING),
        (
            LEARNING,
            "With federated learning, several hospitals can jointly train one model without moving data.",
        ),
        (
            TRIAL,
            "With the navigation system, procedures took 14 minutes less on average.",
        ),
        (ROW, "Haas et al predicted the malignancy of lung nodules on CT: AUC 0.86 in the test set."),
        (
            "The network outlined the liver.\n\nIt took a second.",
            "The network outlined the liver in a second.",
        ),
    ],
)
def test_what_the_text_says_is_supported(verdict_on, text, claim):
    verdict = verdict_on(claim, text)
    assert verdict.verdict == "supported", verdict
    assert verdict.score >= 0.5


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        (LEARNING, "Hospital records are often incomplete and hard to share across borders."),
        (
            LEARNING,
            "Federated learning lets hospitals train a model together, as Google was the first to show.",
        ),
        (TRIAL, "The trial enrolled two groups of 62 patients."),
        (TRIAL, "Complication rates were higher with the navigation system."),
        (ROW, "Haas et al predicted the malignancy of thyroid nodules on CT."),
        (ROW, "A prospective study by Haas et al predicted the malignancy of lung nodules on CT."),
        ("The robot may shorten procedures.", "The robot shortens procedures."),
        ("The dose fell by a third.", "Contrast agents can harm the kidneys."),
    ],
)
def test_what_the_text_does_not_say_is_unsupported(verdict_on, text, claim):
    verdict = verdict_on(claim, text)
    assert verdict.verdict == "unsupported", verdict
    assert verdict.reasons


def test_a_reason_says_which_word_the_claim_has_replaced(verdict_on):
    verdict = verdict_on(
        "Serum haptoglobin was higher in patients than in controls.",
        "Serum ferritin was higher in patients than in controls.",
    )
    assert verdict.reasons == ("where the claim says “haptoglobin”, the passage says “ferritin”",)


def test_beside_a_wrong_number_ordinary_words_are_passed_over(verdict_on):
    verdict = verdict_on("The mean time fell to 62 minutes.", "The mean time dropped to 48 minutes.")
    assert verdict.reasons == ("the passage says 48 minutes, the claim 62 minutes",)


def test_the_best_of_several_texts_counts(verdict_on):
    verdict = verdict_on("Mean procedure time fell from 62 to 48 minutes.", LEARNING, TRIAL)
    assert verdict.verdict == "supported"
    assert [support.text for support in verdict.evidence] == [TRIAL.split(". ")[1] + "."]


def test_several_texts_together_say_more_than_each(verdict_on):
    claim = "The robot placed forty needles, and the overlay halved the reading time of radiologists."
    texts = "The robot placed 40 needles.", "The overlay halved the reading time of radiologists."
    apart, together = verdict_on(claim, *texts), verdict_on(claim, *texts, together=True)
    assert apart.score < together.score
    assert together.verdict == "supported"
    assert [support.text for support in together.evidence] == list(texts)
    assert all(text[s.start : s.end] == s.text for text, s in zip(texts, together.evidence, strict=True))


@pytest.mark.parametrize(("claim", "texts"), [("Anything.", ()), ("Anything.", (" ",)), ("?!", (TRIAL,))])
def test_nothing_to_check_is_unsupported(verdict_on, claim, texts):
    assert verdict_on(claim, *texts).verdict == "unsupported"


def test_a_passage_of_the_index_supports_its_own_sentences(generation, encoder):
    passages = [passage for passage in generation.passages if passage.kind == "paragraph"][:10]
    for passage in passages:
        evidence = evidence_of(generation, passage)
        sentence = passage.sentences[0]
        verdict = verify(passage.text[sentence.start : sentence.end], [evidence], Judge(encoder))
        assert verdict.verdict == "supported"
        assert sentence.spans in [support.spans for support in verdict.evidence]


def test_the_stored_vectors_are_used(generation, encoder):
    class OnlyTheClaim:
        info = encoder.info

        def encode(self, texts):
            assert list(texts) == ["Radiologists use tools."]
            return encoder.encode(texts)

        def is_word(self, word):
            return encoder.is_word(word)

    passages = [p for p in generation.passages if p.kind in ("paragraph", "table_row", "list_item")]
    evidence = [evidence_of(generation, passage) for passage in passages]
    verify("Radiologists use tools.", evidence, Judge(OnlyTheClaim()))


def test_one_passage_takes_milliseconds_beside_the_encoding(generation, encoder):
    class Remembering:
        info = encoder.info
        encoded = encoder.encode([TRIAL])

        def encode(self, texts):
            return self.encoded

        def is_word(self, word):
            return encoder.is_word(word)

    paragraphs = [passage for passage in generation.passages if passage.kind == "paragraph"]
    evidence = [[evidence_of(generation, passage)] for passage in paragraphs[:20]]
    judge = Judge(Remembering())
    times = []
    for one in evidence:
        started = time.perf_counter()
        verify(TRIAL, one, judge)
        times.append(time.perf_counter() - started)
    assert sorted(times)[len(times) // 2] < 0.1


def test_a_text_longer_than_the_encoder_reads_is_read_to_its_end(verdict_on):
    text = (
        " ".join(f"Center {n} sent its scans late." for n in range(100)) + " The robot placed forty needles."
    )
    assert verdict_on("The robot placed 40 needles.", text).verdict == "supported"


def test_evidence_without_sentences_has_offsets_into_its_text(judge):
    text = "Nobody fell. The robot placed forty needles."
    [support] = verify("The robot placed forty needles.", [Evidence(text)], judge).evidence
    assert (support.start, support.end, support.spans) == (13, len(text), ())
