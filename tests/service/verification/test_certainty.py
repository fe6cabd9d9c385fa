import pytest

from service.verification.certainty import certainty_faults
from service.verification.lexis import Lexis
from service.verification.reading import read

ROBOT = "The robot may shorten procedures."
TOOL = "The tool has shown promise in planning ablations."
ONCE = "Once validated, the score may replace biopsies."


def kinds(claim, text):
    """The kinds of overstatement in a claim."""
    return {fault.kind for fault in certainty_faults(read(claim), read(text), Lexis())}


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        (ROBOT, "The robot might shorten procedures."),
        (ROBOT, "With the robot, procedures could become shorter."),
        (TOOL, "The tool is promising for planning ablations."),
        (ONCE, "The score may replace biopsies once it is validated."),
        ("The robot shortens procedures.", "The robot may shorten procedures."),
        ("All patients were treated.", "All patients were treated."),
        ("The trial began in May 2025.", "The trial began in May 2025."),
        ("Park used 400 records to show the feasibility of a score.", "Park used 400 records."),
        ("The drug may help: in one trial, patients lived longer.", "In one trial, patients lived longer."),
        ("Exposure fell by 97%.", "Nearly all exposure was avoided."),
        ("Coffee was associated with lower mortality.", "Coffee was linked to lower mortality."),
        ("The score has been developed in Ghent.", "The score comes from Ghent."),
        ("Once more, the scans were read by two readers.", "The scans were read by two readers."),
        ("The device is in limited clinical use.", "The device is only in limited clinical use."),
    ],
)
def test_as_sure_as_the_text_or_less_passes(text, claim):
    assert not kinds(claim, text)


@pytest.mark.parametrize(
    ("text", "claim", "kind"),
    [
        (ROBOT, "The robot shortens procedures.", "hedge"),
        (TOOL, "The tool plans ablations.", "hedge"),
        (TOOL, "The tool is an established aid in planning ablations.", "absolute"),
        (ONCE, "The score replaces biopsies.", "condition"),
        ("AI is being developed to predict response.", "AI predicts response.", "hedge"),
        ("AI reduces errors.", "AI eliminates errors.", "absolute"),
        ("AI reduces errors in some readers.", "AI reduces errors in every reader.", "absolute"),
        ("Sedation by biofeedback: proof of concept", "Biofeedback guides sedation.", "hedge"),
        ("Studies suggest that the score may work.", "Studies have proven that the score works.", "absolute"),
        ("Coffee was associated with lower mortality.", "Coffee lowers mortality.", "condition"),
        ("The robot was tested in a phantom.", "The robot was tested in patients.", "condition"),
        ("Nodules are almost always benign.", "Nodules are always benign.", "absolute"),
        ("AI predicts response.", "AI is routinely used to predict response.", "absolute"),
    ],
)
def test_surer_than_the_text_is_caught(text, claim, kind):
    assert kind in kinds(claim, text)


def test_what_the_text_also_says_outright_needs_no_hedge():
    text = "Radiomics has shown promise in predicting survival. A model predicted survival in 80 patients."
    assert not kinds("A model predicted survival in 80 patients.", text)
