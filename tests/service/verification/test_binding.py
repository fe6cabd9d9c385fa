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
DELIRIUM = "Delirium developed in 24 of 120 patients given the drug and in 42 of 120 given placebo."
TIMES = "Mean procedure time fell from 62 to 48 minutes."


def reasons(claim, text):
    """What is wrong with the numbers of a claim."""
    said, given = read(claim), read(text)
    faults = number_faults(slots(said, is_claim=True), slots(given), Lexis())
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
        (DELIRIUM, "One in five patients on the drug became delirious, against 35% on placebo."),
        ("Of 120 patients, many bled. Of the bleedings 60 were grave.", "Half of the 120 bled gravely."),
        (TIMES, "Procedures were shortened by about a quarter, to 48 minutes."),
        ("Median AUCs ran from 0.75 to 0.87.", "The AUC ran from three in four to just under nine in ten."),
        ("The share grew from 22% to 58%.", "The share more than doubled, to over half."),
        ("They were treated for 48 weeks.", "They were treated over 48 weeks."),
        ("The error was 1.4 ± 0.6 mm.", "The mean error was 1.4 mm."),
        ("It missed lesions deeper than 12 cm.", "Lesions more than 12 cm deep were missed."),
        ("A 58-year-old man was treated.", "The man treated was 58."),
        ("The AUC was 0.79.", "The AUC was just short of 0.8."),
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
        (TIMES, "Procedures were shortened by about a half."),
        (DELIRIUM, "35% of patients on the drug became delirious."),
        ("Nodules under 1 cm were left alone.", "Nodules under 3 cm were left alone."),
        ("The error was 1.4 ± 0.6 mm.", "The mean error was 2.4 mm."),
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
