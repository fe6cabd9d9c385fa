import ir_measures
import pytest

from eval import evidence, runs


def test_a_passage_stands_for_the_groups_that_it_is_the_first_to_hold(ask, passage, texts):
    question = ask("q", "Dogs bark.", "Fish swim.")
    groups = evidence.locate(question, texts)
    found = [
        passage("Cats purr"),
        passage("Dogs bark. Birds sing at dawn. Fish swim.", "both"),
        passage("Dogs bark.", "again"),
    ]
    assert runs.trec_order("q", groups, found) == ("Cats", "q:1", "q:2", "again")


def test_a_run_knows_ranks_and_time(ask, passage, measured, texts):
    reported = []
    clock = iter(range(100))

    class System:
        name, about = "slow", ""

        def search(self, question, depth):
            return told.run.asked[0].answer

    question = ask("q", "Dogs bark.")
    told = measured("told", {question: ([passage("Fish swim."), passage("Dogs bark.")], 1.0, None)})
    run = runs.run(System(), [question], texts, lambda *step: reported.append(step), lambda: next(clock))
    assert run.asked[0].ranks == (2,)
    assert run.asked[0].milliseconds == 1000
    assert reported == [("slow", 0, 1), ("slow", 1, 1)]


def test_unanswerable_questions_are_no_part_of_the_evidence(ask, measured):
    run = measured(
        "told", {ask("a", "Dogs bark."): ([], 0.0, None), ask("b", type_="near"): ([], 0.0, None)}
    ).run
    assert [asked.question.id for asked in run.answerable] == ["a"]


@pytest.fixture
def written(tmp_path, ask, passage, measured):
    found = measured(
        "told",
        {
            ask("a", "Dogs bark."): ([passage("Fish swim."), passage("Dogs bark.")], 1.0, None),
            ask("none", "Dogs bark."): ([], 0.0, None),
        },
    )
    runs.write_trec(tmp_path, [found.run])
    return tmp_path


def test_trec_files_say_what_was_judged_and_found(written):
    assert (written / "qrels.txt").read_text() == "a 0 a:1 1\nnone 0 none:1 1\n"
    assert (written / "told.run").read_text() == "a Q0 Fish 1 2 told\na Q0 a:1 2 1 told\n"


def test_trec_files_give_the_same_figures_to_other_tools(written):
    qrels = ir_measures.read_trec_qrels(str(written / "qrels.txt"))
    run = ir_measures.read_trec_run(str(written / "told.run"))
    assert ir_measures.calc_aggregate([ir_measures.RR], qrels, run) == {ir_measures.RR: 0.25}
