"""The client against a server that nobody here wrote: `transformers serve` with a Llama of random weights.

What such a model writes is noise, so what is tested is that the two understand each other, and that noise is
never passed on.
"""

import os
import socket
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import httpx
import pytest

QUESTION = "What did the COVER-ALL trial compare?"
TEMPLATE = (
    "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}assistant:"
)

# In CI everything is installed; there its lack is a failure, not a reason to skip.
pytestmark = pytest.mark.skipif(
    find_spec("accelerate") is None and not os.environ.get("CI"), reason="needs the package accelerate"
)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory, request) -> Path:
    """A Llama of 60,000 random weights, whose 800 tokens are the corpus's most frequent pieces of words."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("tiny")
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=800,
        special_tokens=["<s>", "</s>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    texts = [path.read_text() for path in sorted((request.config.rootpath / "corpus").glob("*.txt"))]
    tokenizer.train_from_iterator(texts, trainer)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", pad_token="</s>"
    )
    fast.chat_template = TEMPLATE
    fast.save_pretrained(folder)
    shape = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 1}
    heads = {"num_attention_heads": 2, "num_key_value_heads": 2, "max_position_embeddings": 8192}
    config = LlamaConfig(
        vocab_size=len(fast), **shape, **heads, bos_token_id=0, eos_token_id=1, pad_token_id=1
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def real_server(tiny):
    """Its address, with /v1 at the end."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = Path(sys.executable).parent / "transformers"
    options = ["--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    process = subprocess.Popen(
        [program, "serve", tiny, *options],
        env={**os.environ, "HF_HUB_OFFLINE": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_healthy(process, f"http://127.0.0.1:{port}/health")
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.kill()
        process.wait()


def _wait_until_healthy(process: subprocess.Popen[bytes], address: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert process.poll() is None, "transformers serve has ended"
        try:
            if httpx.get(address, trust_env=False).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("transformers serve does not answer")


def test_noise_is_read_to_its_end_and_never_passed_on(serving, real_server, tiny):
    with serving(llm_base_url=real_server, llm_model=str(tiny), llm_max_tokens=64) as client:
        body = {"question": QUESTION, "stream": True}
        response = client.post("/v1/answer", json=body)
    names = [
        line.removeprefix("event: ") for line in response.text.splitlines() if line.startswith("event: ")
    ]
    assert names.count("delta") > 5
    assert names[-1] == "done"
    done = response.text.rpartition("event: done")[2]
    assert '"mode": "extractive"' in done
    assert "the language model wrote no whole sentence" in done or "the passages do not support" in done


def test_a_model_that_the_server_does_not_have_is_refused(serving, real_server):
    with serving(llm_base_url=real_server, llm_model="nobody/nothing") as client:
        body = client.post("/v1/answer", json={"question": QUESTION, "compose": "llm"}).json()
    assert body["mode"] == "extractive"
    assert "the language model refused (status " in body["reason"]
