"""Drives ./preceptor serve with OpenAI's own client.

usage: openai_client.py BASE_URL [tokens]

Fails with an assertion where an answer is not what the API promises. The last line is the throughput of 32 requests at
once beside the same one after the other.
"""

import concurrent.futures
import json
import re
import sys
import time
import urllib.request

import openai

base = sys.argv[1]
length = int(sys.argv[2]) if len(sys.argv) > 2 else 32
client = openai.OpenAI(base_url=base, api_key="none", max_retries=0, timeout=300)
model = client.models.list().data[0].id
assert client.models.retrieve(model).id == model


def meter(name):
    with urllib.request.urlopen(base.removesuffix("/v1") + "/metrics") as answer:
        for line in answer.read().decode().splitlines():
            if re.sub(r"\{.*\}", "", line).startswith(name + " "):
                return float(line.split()[-1])
    raise AssertionError("no meter " + name)


def chat(text="Name a colour.", **more):
    more.setdefault("max_tokens", length)
    return client.chat.completions.create(model=model, messages=[{"role": "user", "content": text}], **more)


def refused(kind, param, word, call):
    try:
        call()
    except kind as error:
        assert error.body["param"] == param and word in error.body["message"], error.body
    else:
        raise AssertionError("was not refused: " + word)


# whole and streamed
whole = chat(seed=1, logprobs=True, top_logprobs=3)
choice = whole.choices[0]
assert choice.message.role == "assistant" and choice.finish_reason in ("stop", "length")
assert whole.usage.completion_tokens == len(choice.logprobs.content) <= length
assert all(len(token.top_logprobs) == 3 for token in choice.logprobs.content)
spelt = b"".join(bytes(token.bytes) for token in choice.logprobs.content)
assert spelt.startswith(choice.message.content.encode())
text, tokens, usage = "", 0, None
for chunk in chat(seed=1, logprobs=True, top_logprobs=3, stream=True, stream_options={"include_usage": True}):
    usage = chunk.usage or usage
    for piece in chunk.choices:
        text += piece.delta.content or ""
        tokens += len(piece.logprobs.content) if piece.logprobs else 0
assert text == choice.message.content and tokens == whole.usage.completion_tokens and usage == whole.usage

# several answers, stop texts, the older kind of completions, extras
several = chat(n=3, seed=2, temperature=1.0)
assert [one.index for one in several.choices] == [0, 1, 2]
legacy = client.completions.create(model=model, prompt=["One two", "Three"], logprobs=2, max_tokens=5, seed=3)
assert [one.index for one in legacy.choices] == [0, 1] and len(legacy.choices[1].logprobs.top_logprobs) >= 1
greedy = chat(temperature=0).choices[0].message.content
stop = greedy[len(greedy) // 2 :][:3]
stopped = "".join(c.choices[0].delta.content or "" for c in chat(temperature=0, stop=stop, stream=True))
assert stopped == greedy[: greedy.index(stop)], (greedy, stop, stopped)
assert chat(temperature=1, extra_body={"top_k": 1}).choices[0].message.content == greedy

# what is refused
refused(openai.BadRequestError, "temperature", "found 3", lambda: chat(temperature=3))
refused(openai.BadRequestError, "n", "found 0", lambda: chat(n=0))
refused(openai.BadRequestError, "response_format", "text", lambda: chat(response_format={"type": "json_object"}))
refused(openai.BadRequestError, "tempratur", "nearest is temperature", lambda: chat(extra_body={"tempratur": 1}))
refused(openai.BadRequestError, "max_tokens", "context", lambda: chat(max_tokens=10_000_000))
refused(
    openai.NotFoundError,
    "model",
    "found",
    lambda: client.chat.completions.create(model="none", messages=[{"role": "user", "content": "Hi"}]),
)

# a reader that goes away
stream = chat(stream=True, n=4, max_tokens=4 * length)
next(iter(stream))
stream.close()
for _ in range(600):
    if meter("serve_samples_running") + meter("serve_samples_waiting") + meter("serve_cache_blocks_reserved") == 0:
        break
    time.sleep(0.1)
else:
    raise AssertionError("a cancelled request is still there")

# 32 at once: the same answers as one after the other, and faster
texts = ["Tell me about the number %d." % i for i in range(32)]


def answer(i):
    return chat(texts[i], seed=i, logprobs=True, extra_body={"min_tokens": length}).choices[0]


answer(0)
steps, rows = meter("serve_decode_steps_total"), meter("serve_decode_rows_total")
began = time.monotonic()
with concurrent.futures.ThreadPoolExecutor(32) as pool:
    together = list(pool.map(answer, range(32)))
at_once = time.monotonic() - began
batch = (meter("serve_decode_rows_total") - rows) / (meter("serve_decode_steps_total") - steps)
began = time.monotonic()
alone = [answer(i) for i in range(32)]
in_turn = time.monotonic() - began
assert together == alone, "answers depend on what runs beside them"
drawn = 32 * length
print(
    json.dumps(
        {
            "openai": openai.__version__,
            "model": model,
            "tokens": length,
            "at_once_tokens_per_second": round(drawn / at_once, 1),
            "in_turn_tokens_per_second": round(drawn / in_turn, 1),
            "ratio": round(in_turn / at_once, 2),
            "mean_batch": round(batch, 1),
        }
    )
)
