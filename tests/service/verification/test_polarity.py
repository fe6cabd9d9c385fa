import pytest

from service.verification.lexis import Lexis
from service.verification.polarity import polarity_faults, stances
from service.verification.reading import read

NOISE = "Reconstruction lowered noise without loss of contrast."
RATES = "Complication rates did not differ."
VARIABILITY = "The system reduced variability among operators."
ROLES = "Tools play ancillary rather than central roles."
STATISTICS = "Clinicians without training in statistics tend to overestimate reliability."
GUIDELINES = "There is a dearth of ethical guidelines."


def kinds(claim, text):
    """The kinds of contradiction between a claim and a text."""
    return {fault.kind for fault in polarity_faults(stances(read(claim)), stances(read(text)), Lexis())}


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        (NOISE, "There was less noise without losing contrast."),
        (NOISE, "Noise was reduced."),
        (RATES, "Complication rates were no different."),
        (VARIABILITY, "Variability among operators became smaller."),
        (ROLES, "The roles of tools are not central but ancillary."),
        (STATISTICS, "Without training in statistics, clinicians often overestimate reliability."),
        (GUIDELINES, "Few ethical guidelines exist."),
        (
            "Trainees gain skill without detracting from their workflow.",
            "Their workflow is kept by trainees.",
        ),
        ("Efficacy was not demonstrated.", "The trial could not show efficacy."),
        ("There was no correlation of ferritin with activity.", "Activity was unrelated to ferritin."),
        ("Saturation did not differ.", "Saturation did not differ between patients and controls."),
        ("The scan failed to show deep lesions.", "Deep lesions were missed on the scan."),
        ("Fibrosis improved in some and worsened in others.", "Fibrosis got better in some."),
        ("It gave more births. The rate in all was the same.", "It gave a higher birth rate."),
        ("The overlay no longer hides vessels.", "Vessels are no longer hidden by the overlay."),
    ],
)
def test_the_same_in_other_words_is_no_contradiction(text, claim):
    assert not kinds(claim, text)


@pytest.mark.parametrize(
    ("text", "claim", "kind"),
    [
        (NOISE, "Reconstruction lowered noise and reduced contrast.", "direction"),
        (NOISE, "Reconstruction increased noise.", "direction"),
        (RATES, "Complication rates were higher.", "direction"),
        (VARIABILITY, "The system increased variability among operators.", "direction"),
        (ROLES, "Tools play central rather than ancillary roles.", "negation"),
        (STATISTICS, "Clinicians with training in statistics overestimate reliability.", "negation"),
        (STATISTICS, "Clinicians without training in statistics underestimate reliability.", "antonym"),
        (GUIDELINES, "There are abundant ethical guidelines.", "direction"),
        (GUIDELINES, "Ethical guidelines on the sharing of records are plentiful.", "direction"),
        ("Tools reduce costs.", "Tools drive up costs.", "direction"),
        ("Tools offload the burden of planning.", "Tools add to the burden of planning.", "direction"),
        ("Drug discovery is beyond the scope of this review.", "Drug discovery is reviewed.", "negation"),
        ("Risk scores use linear models.", "Risk scores use nonlinear models.", "antonym"),
        ("Efficacy was not demonstrated.", "Efficacy was demonstrated.", "negation"),
        ("Confounding cannot be excluded.", "Confounding can be excluded.", "negation"),
        ("Access is given without jeopardizing their balance.", "Access jeopardizes balance.", "negation"),
        ("The tool overlooked fractures of the wrist.", "The tool found fractures of the wrist.", "negation"),
        ("Letters omitted essential findings.", "Letters left out nothing essential.", "negation"),
        ("The effect disappeared.", "The effect persisted.", "antonym"),
        ("Turnaround fell after its introduction.", "Turnaround rose after its introduction.", "direction"),
        ("The effect is nontrivial.", "The effect is trivial.", "antonym"),
    ],
)
def test_the_contrary_is_caught(text, claim, kind):
    assert kind in kinds(claim, text)


def test_not_only_denies_nothing():
    assert not kinds("It saves time.", "It not only saves time but money.")
