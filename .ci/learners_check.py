"""Several learners against one: losses, gradients, bits, and learners that are killed or stopped.

python learners_check.py WORK DISTURBED PROGRAM...: WORK is an empty directory, DISTURBED how many runs are disturbed.
"""

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time

work, disturbed, program = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
program[0] = os.path.abspath(program[0])
os.chdir(work)
random.seed(7)
TIMEOUT = 20
BASE = ["batch_size=2", "gradient_accumulation_steps=3", "learning_rate=1e-4", "threads=1", f"learner.timeout={TIMEOUT}"]


def rows(name, make):
    with open(name, "w", encoding="utf-8") as file:
        for i in range(23):
            file.write(json.dumps(make(i, random.randint(1, 99), random.randint(1, 99))) + "\n")


rows("pairs.jsonl", lambda i, a, b: {"prompt": f"What is {a} + {b}?", "chosen": f"{a + b}" + (" is the sum." if i % 3 else "."),
                                     "rejected": f"The sum is {a + b + 1 + i}, I think."})
rows("groups.jsonl", lambda i, a, b: {"prompt": f"Add {a} and {b}.", "responses": [f"{a + b}", f"{a + b}, I think.", "No."],
                                      "scores": [1.0, 0.5, 0.0]})
rows("labels.jsonl", lambda i, a, b: {"prompt": f"What is {a} + {b}?", "completion": f"{a + b + i % 2}.", "label": i % 2 == 0})
rows("answers.jsonl", lambda i, a, b: {"prompt": f"What is {a} + {b}?", "completion": f"{a + b}" + " is it" * (i % 4)})


def start(output, words, env=None):
    log = open(output + ".out", "a", encoding="utf-8")
    return subprocess.Popen([*program, *words, "output=" + output], stdout=log, stderr=log, env=env, start_new_session=True)


def run(output, words, expected=0):
    finish(output, start(output, words), expected)
    return steps(output)


def finish(output, process, expected=0):
    code = process.wait(300)
    if code != expected:
        fail(output, f"ended with {code}, expected {expected}")


def steps(output):
    with open(output + "/metrics.jsonl", encoding="utf-8") as file:
        return [{k: v for k, v in json.loads(line).items() if not k.endswith("_time")} for line in file]


def fail(output, why):
    print(f"FAILED: {output}: {why}")
    for name in (output + ".out", output + "/learners.log"):
        if os.path.exists(name):
            print(f"--- {name}")
            print(open(name, encoding="utf-8").read()[-6000:])
    sys.exit(1)


def digest(output):
    return {name: hashlib.sha256(open(f"{output}/model/{name}", "rb").read()).hexdigest()
            for name in sorted(os.listdir(output + "/model")) if name.endswith(".safetensors")}


def compare(output, one, several):
    if len(one) != len(several) or not one:
        fail(output, f"{len(several)} steps, expected {len(one)}")
    worst = 0.0
    for a, b in zip(one, several):
        if a.keys() != b.keys():
            fail(output, f"step {a['step']}: only one of both has {sorted(a.keys() ^ b.keys())}")
        for key in a:
            # Adam's first steps divide by gradients' roots: what rounds differently then differs by more later
            error = abs(a[key] - b[key]) / max(1.0, abs(a[key])) if isinstance(a[key], (int, float)) else float(a[key] != b[key])
            worst = max(worst, error)
            if not error <= 1e-5:  # also one that is not a number
                fail(output, f"step {a['step']}: {key} is {b[key]}, that of one learner {a[key]}")
    return worst


def require_divided(output, world):
    """A run whose learners each make the whole step equals that of one learner: its checkpoint says how many divided the rows."""
    for checkpoint in os.listdir(output + "/checkpoints"):
        with open(f"{output}/checkpoints/{checkpoint}/trainer_state.json", encoding="utf-8") as file:
            found = json.load(file)["identity"].get("data.learners", "1")
        if found != str(world):
            fail(output, f"{checkpoint}: the rows are divided among {found}, expected {world}")


JOBS = {
    "dpo": ["rank", "data=pairs.jsonl", "max_steps=5"],
    "kto": ["rank", "loss_type=kto", "data=labels.jsonl", "max_steps=4"],
    "pro": ["rank", "loss_type=pro", "data=groups.jsonl", "max_steps=4"],
    "bco": ["rank", "loss_type=bco", "data=labels.jsonl", "max_steps=4"],
    "zero": ["rank", "data=pairs.jsonl", "max_steps=5", "divide_optimizer=true"],
    "lora": ["rank", "data=pairs.jsonl", "max_steps=4", "lora_r=4", "lora_dropout=0.1"],
    "reward": ["reward", "data=pairs.jsonl", "max_steps=4"],
    "sft": ["sft", "data=answers.jsonl", "max_steps=4"],
    "hidden": ["distill", "data=answers.jsonl", "teacher=embedded:teacher", "loss_type=[jsd,hidden_mse]", "max_steps=4", "lmbda=0.5", "max_new_tokens=12"],
    "learning": ["distill", "data=answers.jsonl", "teacher=embedded:teacher", "distillation=online", "max_steps=4"],
    "self": ["distill", "data=answers.jsonl", "distillation=self", "ema_decay=0.9", "loss_type=[jsd,sft]", "max_steps=4"],
    "policy": ["policy", "data=pairs.jsonl", "rule=brevity", "max_steps=3", "num_generations=2", "max_completion_length=12"],
    "ppo": ["policy", "data=pairs.jsonl", "rule=brevity", "algorithm=ppo", "max_steps=3", "max_completion_length=12"],
    "online": ["rank", "online=true", "data=pairs.jsonl", "rule=brevity", "max_steps=3", "max_new_tokens=12"],
}
asked = os.environ.get("JOBS", ",".join(JOBS))  # empty for none
only = [job for job in asked.split(",") if job]
passed = 0
for job in only:
    words = [*JOBS[job], "model=embedded:student", *BASE, "save_steps=2"]
    one = run(job + "-1", words)
    require_divided(job + "-1", 1)
    for world in (2, 3):
        name = f"{job}-{world}"
        worst = compare(name, one, run(name, [*words, f"learners={world}"]))
        require_divided(name, world)
        passed += 1
        print(f"{name}: within {worst:.1e} of one learner")
    again = run(job + "-2-again", [*words, "learners=2"])
    if again != steps(job + "-2") or digest(job + "-2-again") != digest(job + "-2"):
        fail(job + "-2-again", "the second run has other bits")
    passed += 1

jar = os.environ.get("COLLECTIVE_JAR")  # the library on the class path, for two stages of one process
if jar:
    with open("stages.yaml", "w", encoding="utf-8") as file:
        file.write("model: embedded:student\ndata: pairs.jsonl\nmax_steps: 2\nlearners: 2\n"
                   "stages:\n  first: {command: rank}\n  second: {command: rank}\n")
    env = {key: value for key, value in os.environ.items() if key != "PRECEPTOR_COLLECTIVE_LIBRARY"}
    finish("stages", start("stages", ["run", "stages.yaml", *BASE], {**env, "PRECEPTOR_CLASS_PATH": jar}))
    if steps("stages/first") != steps("stages/second"):
        fail("stages", "the second stage has other figures than the first")
    passed += 1
    print("stages: two of one process, with the library on the class path")

words = ["rank", "data=pairs.jsonl", "max_steps=200", "save_steps=20", "model=embedded:student", *BASE, "learners=3", *os.environ.get("DISTURBED_KEYS", "").split()]
if disturbed:
    whole = run("whole", words)


def children(parent):
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=False).stdout
    return [int(pid) for pid in listed.split()]


for trial in range(disturbed):
    name, sign = f"disturbed-{trial}", random.choice([signal.SIGKILL, signal.SIGSTOP])
    rank = random.randrange(3)
    process = start(name, words)
    while process.poll() is None and len(children(process.pid)) < 2:
        time.sleep(0.02)
    after = random.randrange(0, 150)  # steps
    while process.poll() is None and after and (not os.path.exists(name + "/metrics.jsonl") or len(open(name + "/metrics.jsonl").readlines()) < after):
        time.sleep(0.05)
    time.sleep(random.uniform(0, 0.3))
    victims = [process.pid, *children(process.pid)]
    others = [pid for pid in victims if pid != victims[min(rank, len(victims) - 1)]]
    victim = victims[min(rank, len(victims) - 1)]
    if process.poll() is not None:
        fail(name, "ended before it was disturbed")
    os.kill(victim, sign)
    hit = time.monotonic()

    def alive(pid):
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
                return file.read().rsplit(")", 1)[1].split()[0] != "Z"
        except OSError:
            return False

    while any(alive(pid) for pid in others if pid != process.pid) or (victim != process.pid and process.poll() is None):
        if time.monotonic() - hit > TIMEOUT + 25:
            fail(name, f"{sign.name} of rank {rank}: others run {time.monotonic() - hit:.0f} s later")
        time.sleep(0.05)
    waited = time.monotonic() - hit
    if victim == process.pid:
        process.kill()
    code = process.wait(30)
    text = open(name + ".out", encoding="utf-8").read()
    if victim != process.pid and (code != 4 or "resume=true" not in text and "nothing saved" not in text and "not all learners started" not in text):
        fail(name, f"{sign.name} of rank {rank}: ended with {code}")
    resumed = [w for w in words] + ["resume=true"]
    if not os.path.exists(name + "/metrics.jsonl") or run(name, resumed) != whole or digest(name) != digest("whole"):
        fail(name, "the resumed run is not the undisturbed one")
    passed += 1
    print(f"{name}: {sign.name} of rank {rank} after {after} steps, over after {waited:.1f} s, resumed as undisturbed")
print(f"{passed} passed")
