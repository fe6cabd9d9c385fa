import pytest

from eval.errors import FloorsError
from eval.floors import Floors, broken, load_floors


@pytest.fixture
def figures(ask, passage, measured):
    return measured(
        "full",
        {
            ask("a", "Dogs bark."): ([passage("Dogs bark.")], 0.9, False),
            ask("b", "Dogs bark."): ([passage("Fish swim.")], 0.8, True),
            ask("c", type_="off_topic"): ([], 0.1, True),
        },
    )


def test_what_is_kept_is_not_mentioned(figures):
    floors = Floors(
        at_least={"recall@1": 0.5, "refused.off_topic": 1.0, "auroc.all": 1.0},
        at_most={"refused.answerable": 0.5},
    )
    assert broken(floors, figures) == []


def test_what_falls_under_a_floor_is_named_with_value_and_bound(figures):
    floors = Floors(at_least={"recall@5": 0.51}, at_most={"refused.answerable": 0.49})
    assert broken(floors, figures) == [
        "recall@5 of 'full' is 0.500 and must be 0.510 or more",
        "refused.answerable of 'full' is 0.500 and must be 0.490 or less",
    ]


def test_a_floor_for_what_is_not_measured_is_refused(figures):
    with pytest.raises(
        FloorsError, match=r"a floor for 'refused\.near', which these questions do not measure"
    ):
        broken(Floors(at_least={"refused.near": 0.5}), figures)


def test_the_file_of_floors_is_sound():
    floors = load_floors()
    assert floors.at_least
    assert all(0 <= bound <= 1 for bound in (*floors.at_least.values(), *floors.at_most.values()))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[at_least]\nrecall = 'high'", r"at_least\.recall is 'high'"),
        ("[floors]", "floors is "),
        ("[", "cannot be read"),
    ],
)
def test_a_broken_file_is_refused(tmp_path, content, said):
    path = tmp_path / "floors.toml"
    path.write_text(content)
    with pytest.raises(FloorsError, match=said):
        load_floors(path)
