"""What .ci/vllm makes and compares."""
import json
import os
import pathlib
import re
import shutil
import sys
import time
import urllib.request


def untied(source, target):
    """A copy of a model whose head is a tensor of its own: vLLM on processors keeps the old head of one that is tied."""
    from safetensors.torch import load_file, save_file

    shutil.copytree(source, target)
    path = pathlib.Path(target)
    tensors = load_file(path / "model.safetensors")
    tensors["lm_head.weight"] = tensors["model.embed_tokens.weight"].clone()
    save_file(tensors, path / "model.safetensors", metadata={"format": "pt"})
    config = json.loads((path / "config.json").read_text())
    config["tie_word_embeddings"] = False
    (path / "config.json").write_text(json.dumps(config))


def rows(path):
    return [json.loads(line) for line in pathlib.Path(path).read_text().splitlines()]


def steps(run):
    return [row for row in rows(run + "/metrics.jsonl") if "reward" in row]


def close(run, limit, count):
    """Log-probabilities of the server against those that the learner computes of the same tokens."""
    largest = [row["sampling/sampling_logp_difference/max"] for row in steps(run)]
    print(f"  {len(largest)} steps, largest difference of a token's log-probability: {max(largest):.3g}, limit {limit}")
    assert len(largest) == int(count) and max(largest) < float(limit), largest


def loads(log, call, count):
    found = len(re.findall(f"POST /(?:v1/)?{call} HTTP/1.1. 200", pathlib.Path(log).read_text(errors="replace")))
    print(f"  {found} calls of {call}, expected {count}")
    assert found == int(count)


def curve(one, two, limit):
    worst = 0.0
    for a, b in zip(steps(one), steps(two), strict=True):
        for key in ("loss", "grad_norm", "reward"):
            worst = max(worst, abs(a[key] - b[key]))
        print(f"  step {a['step']}: loss {a['loss']:.9f} {b['loss']:.9f}, grad_norm {a['grad_norm']:.9f} {b['grad_norm']:.9f}")
    print(f"  largest difference {worst:.3g}, limit {limit}")
    assert worst <= float(limit)


def answers(url):
    try:
        urllib.request.urlopen(url + "/version", timeout=2).close()
    except OSError:
        sys.exit(1)


def step(run, wanted, process):
    """Waits for a step of a run."""
    for _ in range(6000):
        path = pathlib.Path(run) / "metrics.jsonl"
        if path.exists() and len([row for row in path.read_text().splitlines() if '"reward"' in row]) >= int(wanted):
            return
        os.kill(int(process), 0)  # else it has ended
        time.sleep(0.05)
    raise SystemExit(f"{run}: step {wanted} was not reached")


def same(one, two):
    a, b = rows(one + "/samples.jsonl"), rows(two + "/samples.jsonl")
    equal = sum(x["token_ids"] == y["token_ids"] and x["step"] == y["step"] for x, y in zip(a, b))
    print(f"  {len(a)} and {len(b)} answers, {equal} with equal tokens")
    assert len(a) == len(b) == equal


COMMANDS = {"untied": untied, "close": close, "loads": loads, "curve": curve, "answers": answers, "step": step, "same": same}

if __name__ == "__main__":
    COMMANDS[sys.argv[1]](*sys.argv[2:])
