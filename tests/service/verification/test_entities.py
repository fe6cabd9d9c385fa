import pytest

from service.verification.entities import entity_faults
from service.verification.lexis import Lexis
from service.verification.reading import read

GRADES = "Nguyen et al used contrast-enhanced MRI to grade gliomas before resection."
LIST = "Models predict bone lesions in prostate cancer on MRI, lymph node metastases in breast cancer on US."


def kinds(claim, text, pairs=(), around=frozenset()):
    """Kind and word of each fault."""
    faults = entity_faults(read(claim), read(text), around, Lexis(pairs))
    return [(fault.kind, fault.word.text) for fault in faults]


@pytest.mark.parametrize(
    "claim",
    [
        "Nguyen and colleagues graded gliomas with magnetic resonance imaging.",
        "Before resection, tumours were graded on MRI.",
        "Gliomas of the brain were graded.",
    ],
)
def test_what_the_text_names_in_other_words_passes(claim):
    assert kinds(claim, GRADES) == []


@pytest.mark.parametrize(
    ("claim", "fault"),
    [
        ("Okafor et al graded gliomas on MRI.", ("name", "Okafor")),
        ("Gliomas were graded on CT.", ("rival", "CT")),
        ("Gliomas were graded with MRI and endoscopy.", ("rival", "endoscopy")),
        ("Gliomas were graded on MRI before chemotherapy.", ("rival", "chemotherapy")),
    ],
)
def test_what_the_text_does_not_name_is_caught(claim, fault):
    assert fault in kinds(claim, GRADES)


def test_a_thing_that_the_text_names_with_something_else_is_caught():
    assert kinds("Lymph node metastases in breast cancer are predicted on MRI.", LIST) == [("rival", "MRI")]
    assert kinds("Lymph node metastases in breast cancer are predicted on ultrasound.", LIST) == []


def test_abbreviations_of_the_document_work_both_ways():
    pairs = [("NCA", "needle collision alarm")]
    assert kinds("The NCA went off.", "The needle collision alarm went off.", pairs) == []
    assert kinds("The needle collision alarm went off.", "The NCA went off.", pairs) == []
    assert kinds("The NCA went off.", "The smoke detector went off.") == [("name", "NCA")]


def test_initials_spell_a_name():
    assert kinds("The ESR welcomed it.", "The European Society of Radiology welcomed it.") == []


def test_what_stands_around_the_text_names_too():
    around = frozenset(read("Tools of Lindqvist").stems())
    assert kinds("It was Lindqvist who said so.", "It was said.", around=around) == []
