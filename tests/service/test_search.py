from concurrent.futures import ThreadPoolExecutor

import pytest

QUESTION = "What did the COVER-ALL trial compare?"


@pytest.fixture
def client(either):
    """Over both backends of the index."""
    return either


def search(client, **fields):
    response = client.post("/v1/search", json={"question": QUESTION, **fields})
    assert response.status_code == 200, response.text
    return response.json()


def test_a_question_finds_the_passage_that_answers_it(client):
    found = search(client)
    assert any("conventional visual assessment" in p["text"] for p in found["passages"])
    assert found["question"] == QUESTION


def test_passages_come_ranked(client):
    found = search(client, top_k=10)["passages"]
    assert [p["rank"] for p in found] == list(range(1, len(found) + 1))
    scores = [p["score"] for p in found]
    assert scores == sorted(scores, reverse=True)


def test_every_field_of_the_contract_is_there(client):
    found = search(client)
    assert found.keys() >= {
        *("question", "standalone_question", "answerable", "confidence", "passages", "timings_ms", "index"),
    }
    assert found["index"].keys() == {"generation", "fingerprint", "encoder"}
    passage = found["passages"][0]
    assert passage.keys() >= {
        *(
            "id",
            "rank",
            "score",
            "scores",
            "kind",
            "text",
            "cited_text",
            "spans",
            "start",
            "end",
            "highlights",
        ),
        *("section", "table", "page", "document", "references"),
    }
    assert passage["scores"].keys() == {"dense", "lexical", "late"}
    assert all(isinstance(score, float) for score in passage["scores"].values())
    assert passage["document"].keys() == {"id", "title", "authors", "date", "url", "doi"}


def test_spans_cut_the_cited_text_out_of_the_document(client):
    for passage in search(client, top_k=50)["passages"]:
        text = client.get(f"/v1/documents/{passage['document']['id']}/text").content.decode()
        assert passage["cited_text"] == " ".join(text[start:end] for start, end in passage["spans"])
        assert (passage["start"], passage["end"]) == (passage["spans"][0][0], passage["spans"][-1][1])


def test_highlights_lie_in_the_passage_and_in_its_text(client):
    for passage in search(client)["passages"]:
        spans = passage["spans"]
        assert passage["highlights"]
        assert all(any(s <= start < end <= e for s, e in spans) for start, end in passage["highlights"])
        assert all(0 <= start < end <= len(passage["text"]) for start, end in passage["text_highlights"])
        assert passage["text_highlights"]


def test_a_table_row_comes_with_its_headers(client):
    found = search(client, question="AUC of the model for adrenal metastases", kinds=["table_row"])
    table = found["passages"][0]["table"]
    assert table["label"].startswith("Table")
    assert table["caption"].startswith(table["label"])
    assert table["row_number"] >= 1
    assert len(table["row"]) > 2


def test_a_reference_leads_to_the_study(client):
    passages = search(client, document_ids=["hmp"], top_k=10)["passages"]
    cited = [reference for p in passages for reference in p["references"]]
    assert {
        "number": 1,
        "doi": "10.1016/S2468-1253(25)00024-X",
        "url": "https://doi.org/10.1016/S2468-1253(25)00024-X",
    }.items() <= next(r for r in cited if r["number"] == 1).items()


@pytest.mark.parametrize("kind", ["paragraph", "table_row", "reference"])
def test_kinds_restrict_the_search(client, kind):
    assert {p["kind"] for p in search(client, kinds=[kind])["passages"]} == {kind}


def test_documents_restrict_the_search(client):
    assert {p["document"]["id"] for p in search(client, document_ids=["dinc"])["passages"]} == {"dinc"}


@pytest.mark.parametrize("top_k", [1, 50])
def test_top_k_is_the_number_of_passages(client, top_k):
    assert len(search(client, top_k=top_k)["passages"]) == top_k


def test_history_is_taken(client):
    history = [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": "Two methods."}]
    assert search(client, question="Was it safe?", history=history)["standalone_question"]


def test_parallel_searches_answer_as_single_ones_do(client):
    questions = ["What is TACE?", QUESTION, "Who wrote about robotics?", "AUC for adrenal metastases"] * 4

    def found(question: str) -> list[str]:
        return [p["id"] for p in search(client, question=question)["passages"]]

    alone = {question: found(question) for question in set(questions)}
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(found, questions)) == [alone[question] for question in questions]
