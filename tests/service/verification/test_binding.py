import pytest

from service.verification.binding import number_faults
from service.verification.lexis import Lexis
from service.verification.reading import read
from service.verification.surroundings import slots

POLYPS = (
    "In a study of 312 patients, the network detected 94.6% of polyps, compared with 81.2% for endoscopists."
)
NODULES = (
    "Organ: Lung; Modality: CT; Task: Predict malignancy of nodules; "
    "Result: AUC 0.91 in training set, 0.86 in test set, sensitivity 79%; Study: Haas et al 2022"
)
DOSES = "Radiation dose was reduced by 40-60% for adults and 20-30% for children."
RESPECTIVELY = "Sensitivity and specificity were 88% and 93%, respectively."
AREAS = "The dose differed by 5.4% and 0.44% for the tumor and liver areas, respectively."
SETS = "Accuracy 86% in the internal test set, accuracy 80% in the external test set."
ENTRY = "Ng CKC. Dose in children. Children. 2022;7(14):1044."
INCLUDED = "Of 57 studies, 12 were prospective."
TIMES = "Mean procedure time fell from 62 to 48 minutes."


def reasons(claim, text):
    """What is wrong with the numbers of a claim."""
    said, given = read(claim), read(text)
    faults = number_faults(slots(said, is_claim=True), slots(given), Lexis(), said.text)
    return [fault.reason for fault in faults]


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        (POLYPS, "Endoscopists detected 81.2% of polyps, and the network 94.6%."),
        (POLYPS, "In more than 300 patients, the network found about 95 % of the polyps."),
        (NODULES, "Haas et al reached an AUC of 0.86 in the test set, after 0.91 in training."),
        (NODULES, "For nodules of the lung, the AUC fell by 0.05 from training to test."),
        (DOSES, "For children, the dose was cut by 20 to 30 percent."),
        (RESPECTIVELY, "The specificity was 93% and the sensitivity 88%."),
        (AREAS, "In the liver the dose differed by 0.44%, in the tumor by 5.4%."),
        (INCLUDED, "Twelve of the 57 studies were prospective."),
        (TIMES, "Procedures took 14 minutes less on average."),
        ("A robot and an overlay were compared.", "Two tools were compared: a robot and an overlay."),
    ],
)
def test_right_numbers_pass(text, claim):
    assert reasons(claim, text) == []


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        (POLYPS, "Endoscopists detected 94.6% of polyps, compared with 81.2% for the network."),
        (POLYPS, "The study had 213 patients."),
        (NODULES, "The AUC for lung nodules was 0.91 in the test set."),
        (NODULES, "The specificity for lung nodules was 79%."),
        (NODULES, "Haas et al published it in 2023."),
        (DOSES, "For children, radiation dose was reduced by 40-60%."),
        (RESPECTIVELY, "The sensitivity was 93%."),
        (AREAS, "For the liver, the dose differed by 5.4%."),
        (INCLUDED, "Of 57 studies, 21 were prospective."),
        (SETS, "In the external test set the accuracy was 86%."),
        (ENTRY, "The dose fell by 50 percent."),
        (TIMES, "Mean procedure time fell from 62 to 40 minutes."),
        ("Three tools were compared.", "Two tools were compared, a robot and an overlay."),
    ],
)
def test_wrong_numbers_and_numbers_of_other_things_are_caught(text, claim):
    assert reasons(claim, text)


def test_the_reason_gives_both_numbers():
    text = "The dose fell by 36-70%."
    assert reasons("The dose fell by 50-90%.", text) == ["the passage says 36-70%, the claim 50-90%"]


def test_the_reason_names_both_figures_of_merit():
    [reason] = reasons("The accuracy was 93%.", "The AUC was 0.93.")
    assert reason == "the passage gives 0.93 as AUC, the claim 93% as accuracy"
