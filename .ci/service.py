"""What .ci/service asks a training service and run directories. Needs a Python with SkyRL."""

import io
import json
import os
import shutil
import signal
import sys
import tarfile
import time

import httpx
import numpy as np


def answers(url):
    try:
        httpx.get(url + "/api/v1/healthz", timeout=5).raise_for_status()
    except httpx.HTTPError:
        sys.exit(1)


def inputs(student, target, pairs):
    """The student in float32, and eight pairs."""
    from safetensors.torch import load_file, save_file

    shutil.copytree(student, target)
    weights = {name: tensor.float() for name, tensor in load_file(target + "/model.safetensors").items()}
    save_file(weights, target + "/model.safetensors", metadata={"format": "pt"})
    config = json.load(open(target + "/config.json"))
    config["dtype"] = "float32"
    json.dump(config, open(target + "/config.json", "w"))
    rows = [
        ("Name a red fruit.", "An apple is red.", "No."),
        ("Say hello.", "Hello there.", "Go away."),
        ("Count to three.", "One two three.", "Three."),
        ("What is the sky?", "The sky is blue.", "It is green and loud."),
        ("Tell me a word.", "A word is tree.", "I do not know any."),
        ("Is water wet?", "Yes, water is wet.", "Water is dry."),
        ("Where is the cat?", "The cat is in the house.", "There is no cat at all here."),
        ("Give me a color.", "Green.", "Seven."),
    ]
    with open(pairs, "w") as out:
        for prompt, chosen, rejected in rows:
            out.write(json.dumps({"prompt": prompt, "chosen": chosen, "rejected": rejected}) + "\n")


class Model:
    """A model of a service, by calls of our own."""

    def __init__(self, url, base, rank, seed):
        self.url = url + "/api/v1/"
        self.client = httpx.Client(timeout=600)
        session = self.post("create_session", {"tags": [], "sdk_version": "0.25.0"})["session_id"]
        lora = {"rank": rank, "seed": seed}
        made = self.post("create_model", {"session_id": session, "base_model": base, "lora_config": lora})
        self.result(made)
        self.id = made["model_id"]
        self.sequence = 0

    def post(self, path, body):
        reply = self.client.post(self.url + path, json=body)
        reply.raise_for_status()
        return reply.json()

    def result(self, sent):
        reply = self.client.post(self.url + "retrieve_future", json={"request_id": sent["request_id"]})
        reply.raise_for_status()
        return reply

    def adapter(self, target):
        self.result(self.post("save_weights_for_sampler", {"model_id": self.id, "path": "initial"}))
        path = f"training_runs/{self.id}/checkpoints/initial/archive"
        archive = self.client.get(self.url + path, follow_redirects=True)
        os.makedirs(target)
        with tarfile.open(fileobj=io.BytesIO(archive.content)) as tar:
            for member in tar.getmembers():
                if member.isfile():
                    with open(os.path.join(target, os.path.basename(member.name)), "wb") as out:
                        out.write(tar.extractfile(member).read())

    def close(self):
        self.result(self.post("unload_model", {"model_id": self.id}))

    def norm(self, loss, tokens, logprobs, derivative):
        """Of the gradient of one sequence, at learning rate 0."""
        from tinker.proto import tinker_public_pb2 as pb

        self.measure(loss, tokens, logprobs, derivative, pb, False)
        self.sequence += 1
        adam = {"learning_rate": 0.0, "beta1": 0.9, "beta2": 0.95, "eps": 1e-8, "weight_decay": 0.0}
        body = {"model_id": self.id, "seq_id": self.sequence, "adam_params": adam}
        return self.result(self.post("optim_step", body)).json()["metrics"]["skyrl.ai/grad_norm"]

    def measure(self, loss, tokens, logprobs, derivative, pb, forward_only):
        self.sequence += 1
        request = pb.ForwardBackwardRequest(
            model_id=self.id, seq_id=self.sequence, loss_fn=loss, forward_only=forward_only
        )
        datum = request.data.add()
        datum.model_input.add().encoded_text.tokens = np.asarray(tokens[:-1], np.int32).tobytes()
        length = len(tokens) - 1
        inputs = {"target_tokens": (np.asarray(tokens[1:], np.int64), 2)}
        if loss == "cross_entropy":
            inputs["weights"] = (np.asarray(derivative, np.float32), 1)
        else:
            inputs["weights"] = (np.ones(length, np.float32), 1)
            inputs["logprobs"] = (np.asarray(logprobs, np.float32), 1)
            inputs["advantages"] = (np.asarray(derivative, np.float32), 1)
        for name, (values, kind) in inputs.items():
            datum.loss_fn_inputs[name].CopyFrom(pb.Tensor(dense=values.tobytes(), dtype=kind, shape=[length]))
        sent = self.client.post(
            self.url + "forward_backward",
            content=request.SerializeToString(),
            headers={"Content-Type": "application/x-protobuf"},
        )
        sent.raise_for_status()
        reply = pb.ForwardBackwardOutput()
        reply.ParseFromString(self.result(sent.json()).content)
        return np.frombuffer(reply.loss_fn_outputs[0].fields["logprobs"].data, np.float32)


def initial(url, base, rank, seed, target):
    """The adapter that a model of this seed begins with, as PEFT reads it."""
    from safetensors import safe_open

    model = Model(url, base, int(rank), int(seed))
    model.adapter(target)
    model.close()
    with safe_open(target + "/adapter_model.safetensors", "pt") as weights:
        modules = sorted({name.split(".lora_")[0].split(".")[-1] for name in weights.keys()})
    config = json.load(open(target + "/adapter_config.json"))
    config.update(target_modules=modules, base_model_name_or_path=base, task_type="CAUSAL_LM")
    json.dump(config, open(target + "/adapter_config.json", "w"))


def signs(url, base):
    from tinker.proto import tinker_public_pb2 as pb

    model = Model(url, base, 8, 1)
    tokens = [1, 5, 9, 30, 40, 77, 2]
    ones = np.ones(len(tokens) - 1)
    logprobs = model.measure("cross_entropy", tokens, None, ones, pb, True)
    w = np.array([0, 0, 0.5, -0.2, 0.3, 1.0])
    norms = [model.norm("importance_sampling", tokens, logprobs, factor * w) for factor in (1, 2, -1)]
    crossed = [model.norm("cross_entropy", tokens, None, factor * w) for factor in (1, 2, -1)]
    model.close()
    print("  importance_sampling, w, 2w, -w:", *(f"{norm:.6g}" for norm in norms))
    print("  cross_entropy, which is not used:", *(f"{norm:.6g}" for norm in crossed))
    if not (abs(norms[1] / norms[0] - 2) < 1e-3 and abs(norms[2] / norms[0] - 1) < 1e-3):
        sys.exit("expected the ratio 1:2:1")


def metrics(run):
    rows = [json.loads(line) for line in open(run + "/metrics.jsonl")]
    return {row["step"]: row for row in rows if "loss" in row}


def curve(one, other, limit):
    a, b = metrics(one), metrics(other)
    if sorted(a) != sorted(b) or len(a) < 6:
        sys.exit(f"steps {sorted(a)} and {sorted(b)}")
    largest = 0.0
    for step in sorted(a):
        print(
            f"  step {step}: loss {a[step]['loss']:.9f} {b[step]['loss']:.9f},"
            f" grad_norm {a[step]['grad_norm']:.6f} {b[step]['grad_norm']:.6f}"
        )
        for name in ("loss", "grad_norm", "rewards/margins"):
            largest = max(largest, abs(a[step][name] - b[step][name]))
    print(f"  largest difference {largest:.3g}, limit {limit}")
    if largest > float(limit):
        sys.exit(1)


def close(one, other, limit):
    """Compares two adapters."""
    from safetensors.numpy import load_file

    a, b = load_file(one + "/adapter_model.safetensors"), load_file(other + "/adapter_model.safetensors")
    if sorted(a) != sorted(b):
        sys.exit("other tensors")
    largest = max(float(np.abs(a[name] - b[name]).max()) for name in a)
    print(f"  {len(a)} tensors, largest difference {largest:.3g}, limit {limit}")
    if largest > float(limit):
        sys.exit(1)


def step(run, wanted, process):
    """Waits for the checkpoint of a step."""
    while not os.path.isdir(f"{run}/checkpoints/step-{wanted}"):
        os.kill(int(process), 0)
        time.sleep(0.05)


def kill(run):
    """Kills the process that writes a run."""
    os.kill(int(json.load(open(run + "/status.json"))["pid"]), signal.SIGKILL)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
