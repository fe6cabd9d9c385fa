import pytest
from fastapi import FastAPI

from eval.errors import ServiceFailed
from eval.evidence import locate
from eval.questions import load_questions
from eval.remote import RemoteSystem


@pytest.fixture
def service(client):
    with RemoteSystem(str(client.base_url)) as service:
        yield service


def test_it_finds_what_the_service_finds(service, client):
    question = next(q for q in load_questions() if q.type == "follow_up")
    answer = service.search(question, 5)
    assert len(answer.passages) == 5
    assert answer.refused in (True, False)
    assert 0 <= answer.confidence <= 1
    body = {"question": question.question, "history": [m.model_dump() for m in question.history]}
    found = client.post("/v1/search", json=body).json()
    assert [passage.id for passage in answer.passages] == [passage["id"] for passage in found["passages"]]


def test_its_texts_are_the_ones_that_spans_count_in(service):
    texts = service.texts()
    question = load_questions()[0]
    assert locate(question, texts)
    for passage in service.search(question, 5).passages:
        start, end = passage.spans[0]
        assert texts[passage.document][start:end]


def test_a_service_that_is_not_there_is_named(unused_port):
    with (
        RemoteSystem(f"http://127.0.0.1:{unused_port}") as service,
        pytest.raises(ServiceFailed, match="cannot be reached"),
    ):
        service.texts()


@pytest.fixture
def unused_port():
    from service.cli.serve import listen

    with listen("127.0.0.1", 0) as listener:
        return listener.getsockname()[1]


def test_another_service_is_not_taken_for_needle(running):
    app = FastAPI()
    app.get("/v1/documents")(lambda: {"documents": [{"name": "x"}]})
    with (
        running(app) as client,
        RemoteSystem(str(client.base_url)) as service,
        pytest.raises(
            ServiceFailed, match=r"does not answer as Needle does \(documents\.0\.id: Field required\)"
        ),
    ):
        service.texts()


def test_an_error_is_passed_on_with_its_status(running):
    with (
        running(FastAPI()) as client,
        RemoteSystem(str(client.base_url)) as service,
        pytest.raises(ServiceFailed, match="/v1/documents answered 404"),
    ):
        service.texts()


def test_an_address_that_is_none_is_refused():
    with pytest.raises(ServiceFailed, match="is no address"):
        RemoteSystem("http://127.0.0.1:port")
