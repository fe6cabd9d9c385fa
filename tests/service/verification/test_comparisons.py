import pytest

from service.verification.comparisons import comparison_faults
from service.verification.lexis import Lexis
from service.verification.reading import read

ROBOT = "The robot placed needles more precisely than the surgeons."
NETWORK = "The network outperformed clinical scores in predicting recurrence."
SCANS = "Ultrasound showed more lesions than palpation but fewer than MRI."
NOISE = "Noise was lower with iterative reconstruction than with filtered projection."


def faults(claim, text):
    return comparison_faults(read(claim), read(text), Lexis())


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        (ROBOT, "The surgeons placed needles less precisely than the robot."),
        (NETWORK, "Clinical scores were inferior to the network."),
        (NETWORK, "Recurrence was predicted better by the network than by clinical scores."),
        (NOISE, "Filtered projection gave higher noise than iterative reconstruction."),
        (SCANS, "Ultrasound showed fewer lesions than MRI."),
        ("More than 40 needles were placed.", "The robot placed more needles than the surgeons."),
    ],
)
def test_the_same_order_in_other_words_passes(text, claim):
    assert not faults(claim, text)


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        (ROBOT, "The surgeons placed needles more precisely than the robot."),
        (NETWORK, "Clinical scores outperformed the network in predicting recurrence."),
        (NETWORK, "Clinical scores predicted recurrence better than the network."),
        (SCANS, "Ultrasound showed more lesions than MRI."),
        (NOISE, "Noise was lower with filtered projection than with iterative reconstruction."),
    ],
)
def test_the_reverse_order_is_caught(text, claim):
    [fault] = faults(claim, text)
    assert "the other way round" in fault.reason


def test_rather_than_compares_nothing():
    text = "Readers prefer the overlay rather than the atlas."
    assert not faults("Rather than the atlas, readers prefer the overlay.", text)
