"""Verifying a claim: does the text say it, with every number, name, yes and no, and no more certainty?

verify.py      one claim against texts: `verify(claim, evidence, judge) -> Verdict`
records.py     Evidence, Verdict, Support
reading.py     words, clauses and sentences of a text
lexicon.py     opposites, things of one kind, directions, common abbreviations
lexis.py       whether two words are one: stems, families, abbreviations
alignment.py   how well the text covers the words of the claim: stems and token vectors
substitution.py  words that stand where the text has others
quantities.py  numbers, percents, ranges, years, counts in words, "about" and "more than"
comparing.py   whether two numbers agree as a reader would have it
surroundings.py  what each number is said of
derived.py     numbers that follow from those of the text: shares, ratios, differences
binding.py     whether the text gives each number, and of the same thing
entities.py    names, modalities, organs, drugs, methods
negation.py    which words are denied, and whether the other text denies the same
polarity.py    yes and no, up and down, better and worse, opposites
comparisons.py which of two things is the better or the more
certainty.py   hedges, conditions, absolutes
scoring.py     all of it as one score, by the trees in scoring.json
"""

from service.verification.records import Evidence, Support, Verdict, evidence_of, known_abbreviations
from service.verification.verify import Judge, verify

__all__ = ["Evidence", "Judge", "Support", "Verdict", "evidence_of", "known_abbreviations", "verify"]
