"""What is set up for `docker compose --profile observe`, as far as it can be checked without Docker."""

import json
import re

import pytest
import yaml

from service.access.admission import Admission
from service.live_index import LiveIndex
from service.telemetry.metrics import Metrics
from tests.conftest import ROOT

OBSERVE = ROOT / ".observe"
DASHBOARD = json.loads((OBSERVE / "grafana" / "dashboards" / "needle.json").read_text(encoding="utf-8"))
# The names of a family's series, by its type.
SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "gauge": ("",)}
SHOWN = [
    "needle_requests_total", "needle_request_seconds_bucket", "needle_stage_seconds_bucket",
    "needle_refusals_total", "needle_verdicts_total", "needle_llm_errors_total", "needle_llm_tokens_total",
    "needle_queue_length", "needle_cache_hits_total", "needle_index_age_seconds",
    "process_resident_memory_bytes",
]  # fmt: skip


def read(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def expressions() -> list[str]:
    return [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]


def used() -> set[str]:
    return {name for expr in expressions() for name in re.findall(r"\b(?:needle|process)_\w+", expr)}


@pytest.fixture(scope="module")
def exported(index_folder, encoder):
    """Every series that the service exports, with the labels that its code gives it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("service.live_index.load_encoder", lambda name: encoder)
        live_index = LiveIndex(index_folder, "all-MiniLM-L6-v2")
        live_index.open()
    families = Metrics(live_index, Admission(1)).registry.collect()
    return {family.name + suffix for family in families for suffix in SUFFIXES[family.type]}


def test_every_metric_of_the_dashboard_is_exported(exported):
    assert used() - exported == set()


def test_the_dashboard_shows_what_matters():
    assert set(SHOWN) - used() == set()


def test_panels_do_not_overlap_and_have_ids_of_their_own():
    panels = DASHBOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    cells = [
        (x, y)
        for place in (panel["gridPos"] for panel in panels)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(set(cells)) == len(cells)
    assert max(x for x, _ in cells) < 24


def test_every_expression_has_balanced_brackets():
    for expr in expressions():
        for opening, closing in ("()", "[]", "{}"):
            assert expr.count(opening) == expr.count(closing), expr


def test_the_dashboard_asks_the_data_source_that_is_provisioned():
    source = read(OBSERVE / "grafana" / "provisioning" / "datasources" / "prometheus.yml")["datasources"][0]
    asked = {panel["datasource"]["uid"] for panel in DASHBOARD["panels"]}
    assert asked == {source["uid"]}
    assert source["url"] == "http://prometheus:9090"


def test_prometheus_asks_the_service_where_it_listens():
    services = read(ROOT / "docker-compose.yml")["services"]
    job = read(OBSERVE / "prometheus.yml")["scrape_configs"][0]
    assert job["static_configs"] == [{"targets": ["needle:8000"]}]
    assert services["needle"]["ports"] == ["127.0.0.1:8000:8000"]


@pytest.mark.parametrize("name", ["prometheus", "grafana"])
def test_what_observes_is_pinned_stays_on_this_machine_and_finds_its_files(name):
    compose = read(ROOT / "docker-compose.yml")
    service = compose["services"][name]
    assert service["profiles"] == ["observe"]
    assert re.fullmatch(r"[a-z]+/[a-z]+:v?\d+\.\d+\.\d+", service["image"])
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    for volume in service["volumes"]:
        source = volume.split(":")[0]
        assert (ROOT / source).exists() if source.startswith(".") else source in compose["volumes"]


def test_the_dashboard_lies_where_grafana_looks_for_it():
    provider = read(OBSERVE / "grafana" / "provisioning" / "dashboards" / "needle.yml")["providers"][0]
    volumes = read(ROOT / "docker-compose.yml")["services"]["grafana"]["volumes"]
    assert f"./.observe/grafana/dashboards:{provider['options']['path']}:ro" in volumes
