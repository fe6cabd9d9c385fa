import shutil
from datetime import UTC, datetime

import pytest
from prometheus_client.parser import text_string_to_metric_families

from service.access.admission import Admission
from service.live_index import LiveIndex
from service.telemetry.metrics import Metrics
from service.telemetry.request_notes import RequestNotes
from tests.service.answers.scripted_llm import chunk, refuses, sends

QUESTION = "What did the COVER-ALL trial compare?"
TRUE = "The COVER-ALL trial compared software-based margin assessment with conventional visual assessment"


class Scraped(dict):
    """What /metrics says, by name and labels."""

    def __init__(self, text: str) -> None:
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                self[sample.name, frozenset(sample.labels.items())] = sample.value

    def value(self, name: str, **labels: str) -> float:
        return self.get((name, frozenset(labels.items())), 0.0)

    def labels(self, name: str) -> list[dict[str, str]]:
        return [dict(labels) for found, labels in self if found == name]


def scrape(client) -> Scraped:
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return Scraped(response.text)


def test_a_request_is_counted_with_its_time_and_stages(serving):
    with serving() as client:
        client.post("/v1/search", json={"question": QUESTION})
        client.post("/v1/search", json={"question": ""})
        scraped = scrape(client)
    where = {"route": "/v1/search", "method": "POST"}
    assert scraped.value("needle_requests_total", **where, status="200") == 1
    assert scraped.value("needle_requests_total", **where, status="422") == 1
    assert scraped.value("needle_request_seconds_count", route="/v1/search") == 2
    stages = {stage: scraped.value("needle_stage_seconds_count", stage=stage) for stage in ("read", "rank")}
    assert stages == {"read": 1, "rank": 1}
    assert scraped.value("needle_requests_in_flight") == 1  # the scrape itself


def test_refusals_and_verdicts_are_counted(serving):
    with serving() as client:
        client.post("/v1/answer", json={"question": "What is the capital of Mongolia?"})
        client.post("/v1/verify", json={"claim": TRUE})
        client.post("/v1/verify", json={"claim": "The COVER-ALL trial enrolled 7,431 dogs"})
        scraped = scrape(client)
    assert scraped.value("needle_refusals_total", route="/v1/answer", reason="low_confidence") == 1
    assert scraped.value("needle_verdicts_total", route="/v1/verify", verdict="supported") == 1
    assert scraped.value("needle_verdicts_total", route="/v1/verify", verdict="unsupported") == 1


def test_the_language_model_is_counted(serving, fake):
    usage = b'data: {"choices": [], "usage": {"prompt_tokens": 900, "completion_tokens": 40}}\n\n'
    fake.will(sends(chunk(f"{TRUE} [1]."), chunk("", "stop"), usage), refuses(401))
    with serving(llm_base_url=fake.base_url) as client:
        client.post("/v1/answer", json={"question": QUESTION})
        client.post("/v1/answer", json={"question": QUESTION})
        scraped = scrape(client)
    assert scraped.value("needle_llm_tokens_total", kind="prompt") == 900
    assert scraped.value("needle_llm_tokens_total", kind="completion") == 40
    assert scraped.value("needle_llm_errors_total", kind="llm_refused") == 1
    assert scraped.value("needle_llm_seconds_count") == 2
    assert not scraped.value("needle_stage_seconds_count", stage="compose")


def test_the_index_is_described(client, generation):
    scraped = scrape(client)
    manifest = generation.manifest
    assert scraped.labels("needle_index_info") == [
        {
            "generation": generation.name,
            "fingerprint": manifest.fingerprint,
            "encoder": manifest.encoder.name,
        }
    ]
    assert scraped.value("needle_index_documents") == 3
    assert scraped.value("needle_index_passages", kind="table_row") == manifest.passages["table_row"]
    age = (datetime.now(UTC) - datetime.fromisoformat(manifest.created)).total_seconds()
    assert abs(scraped.value("needle_index_age_seconds") - age) < 30
    assert scraped.value("process_resident_memory_bytes") > 0


@pytest.mark.usefixtures("quick_encoder")
def test_a_generation_that_cannot_be_opened_is_counted_once(index_folder, tmp_path):
    folder = shutil.copytree(index_folder, tmp_path / "index")
    live_index = LiveIndex(folder, "all-MiniLM-L6-v2")
    live_index.refresh()
    (folder / "CURRENT").write_text("nothing\n")
    live_index.refresh()
    live_index.refresh()
    scraped = Scraped(Metrics(live_index, Admission(1)).exposition().decode())
    assert scraped.value("needle_index_reload_failures_total") == 1
    assert scraped.labels("needle_index_info")  # of the one that is still in use


def test_without_an_index_there_is_nothing_to_describe(tmp_path):
    scraped = Scraped(Metrics(LiveIndex(tmp_path, "any"), Admission(1)).exposition().decode())
    assert scraped.labels("needle_index_info") == []
    assert scraped.value("needle_requests_in_flight") == 0


def test_whatever_clients_send_adds_no_more_than_one_series(serving):
    with serving() as client:
        for n in range(5):
            client.get(f"/nowhere/{n}")
            client.get(f"/v1/passages/{n}")
            client.post("/v1/search", json={"question": f"{n}", "document_ids": [f"{n}"]})
        for method in ("PROPFIND", "MKCOL", "LOCK"):
            client.request(method, "/nowhere")
        scraped = scrape(client)
    labels = scraped.labels("needle_requests_total")
    assert sorted((each["route"], each["method"]) for each in labels) == [
        ("/v1/passages/{passage_id}", "GET"),
        ("/v1/search", "POST"),
        ("unmatched", "GET"),
        ("unmatched", "other"),
    ]


def test_two_applications_count_apart(tmp_path):
    one, other = (Metrics(LiveIndex(tmp_path, "any"), Admission(1)) for _ in range(2))
    one.observe(RequestNotes(), "/", "GET", 200, 0.1)
    counted = [Scraped(each.exposition().decode()).labels("needle_requests_total") for each in (one, other)]
    assert counted == [[{"route": "/", "method": "GET", "status": "200"}], []]
