"""`needle serve`, told to stop while it answers."""

import re
import signal
from concurrent.futures import ThreadPoolExecutor, wait

import httpx

from tests.likeness import content, difference
from tests.service.answers.scripted_llm import running_llm, says
from tests.service.test_serve import said_until, start

__all__ = ["start"]  # a fixture

QUESTION = "What did the COVER-ALL trial compare?"
ANSWER = "The COVER-ALL trial compared ablation with and without software [1]."
CLIENTS = 24


def test_what_is_being_answered_when_it_is_told_to_stop_is_answered_to_its_end(start, index_folder):
    with running_llm() as llm:
        llm.will(says(ANSWER, pause=0.1))  # a second in all
        process = start(
            *("--port", "0"),
            NEEDLE_INDEX=str(index_folder),
            NEEDLE_LLM_BASE_URL=llm.base_url,
            NEEDLE_LLM_MODEL="scripted",
        )
        address, _ = said_until(process, r"Needle answers at (http://127\.0\.0\.1:\d+)")
        bodies = [{"question": QUESTION, "stream": bool(n % 2)} for n in range(CLIENTS)]
        limits = httpx.Limits(max_connections=None)
        with (
            httpx.Client(base_url=address[1], trust_env=False, timeout=60, limits=limits) as client,
            ThreadPoolExecutor(CLIENTS) as threads,
        ):
            quiet = [content(client.post("/v1/answer", json=body)) for body in bodies[:2]]
            llm.calls.clear()
            asked = [threads.submit(client.post, "/v1/answer", json=body) for body in bodies]
            while len(llm.calls) < CLIENTS and not wait(asked, timeout=0.01).done:
                pass
            process.send_signal(signal.SIGTERM)
            for number, each in enumerate(asked):
                response = each.result()
                assert response.status_code == 200
                assert difference(content(response), quiet[number % 2]) is None
        assert len(llm.calls) == CLIENTS
        assert process.wait(timeout=20) == -signal.SIGTERM
        assert not [line for line in process.stderr if re.search('Traceback|Cancel|"level": "error"', line)]
