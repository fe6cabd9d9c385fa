import pytest

from ingest.naming import document_id, numbered, safe_path


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("A paper (final).PDF",), "A-paper-final.PDF"),
        (("..", "..", "etc", "passwd.txt"), "etc/passwd.txt"),
        (("../../etc/passwd.txt",), "etc-passwd.txt"),
        (("C:\\papers\\a.txt",), "C-papers-a.txt"),
        (("2024", "Müller.txt"), "2024/Müller.txt"),
        ((".hidden.txt",), "hidden.txt"),
        (("a\x00b\n.txt",), "a-b.txt"),
        (("é" * 100 + ".txt",), "é" * 58 + ".txt"),
    ],
)
def test_a_name_is_made_safe(parts, expected):
    assert safe_path(*parts) == expected


@pytest.mark.parametrize("name", ["", "..", "/", "///...", "-"])
def test_a_name_of_nothing_is_refused(name):
    with pytest.raises(ValueError, match="no letter and no digit"):
        safe_path(name)


@pytest.mark.parametrize(
    ("title", "taken", "expected"),
    [
        ("What Is the Role of AI?", (), "what-is-the-role-of-ai"),
        ("Ablation: a Review", ("ablation-a-review", "ablation-a-review-2"), "ablation-a-review-3"),
        ("Évaluation du rôle", (), "evaluation-du-role"),
        ("介入放射学", (), "document"),
        ("介入放射学", ("document",), "document-2"),
        ("word " * 20, (), "word-word-word-word-word-word-word-word-word"),
        ("x" * 90, (), "x" * 48),
        ("-_ ;", (), "document"),
    ],
)
def test_an_id_is_made_of_the_titles_words(title, taken, expected):
    assert document_id(title, taken) == expected


def test_a_taken_place_gets_a_number():
    assert numbered("a/b.txt", {"a/b.txt", "a/b-2.txt"}) == "a/b-3.txt"
    assert numbered("b.txt", {"a/b.txt"}) == "b.txt"
