"""Workers of every stage against one process, while workers are killed.

python workers_check.py WORK KILLS SEED PROGRAM...: WORK is an empty directory, KILLS how many workers are killed in all.
"""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time

work, kills, seed, program = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]
program[0] = os.path.abspath(program[0])
os.chdir(work)
draw = random.Random(seed)
print(f"seed {seed}", flush=True)
LIMIT = 600  # seconds, for anything that should come
DEVICE = ["device=cpu", "threads=1"]
started = []


def start(log, words):
    with open(log, "a", encoding="utf-8") as file:
        process = subprocess.Popen([*program, *words], stdout=file, stderr=file, start_new_session=True)
    started.append(process)
    return process


def read(log):
    return open(log, encoding="utf-8").read() if os.path.exists(log) else ""


def fail(why, *logs):
    print("FAILED:", why)
    for log in logs:
        print(f"--- {log}\n{read(log)[-5000:]}")
    end()
    sys.exit(1)


def end():
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def run(log, words):
    code = start(log, words).wait(LIMIT)
    if code != 0:
        fail(f"{words[0]} ended with {code}", log)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def await_that(what, happened, *logs):
    deadline = time.time() + LIMIT
    while not happened():
        if time.time() > deadline:
            fail(f"waited {LIMIT} s until {what}", *logs)
        time.sleep(0.02)


class Worker:
    """A process that is killed and started again."""

    def __init__(self, name, words):
        self.name, self.words, self.lives = name, words, 0
        self.start()

    def start(self):
        self.lives += 1
        self.process = start(self.log(), self.words)

    def log(self):
        return f"{self.name}-{self.lives}.out"

    def joined(self):
        return "joined" in read(self.log())

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def end(self):
        """It ends by itself with the run, unless it was started again too late to join."""
        if not self.joined():
            self.kill()
            return
        try:
            code = self.process.wait(60)
        except subprocess.TimeoutExpired:
            code = None
        if code != 0:
            fail(f"{self.name}: expected an end with 0 when the run is over, found {code}", self.log())


class Stage:
    """A command, the files that it writes, and the models of its workers."""

    def __init__(self, name, words, files, worker):
        self.name, self.words, self.files, self.worker = name, words, files, worker

    def command(self, output):
        return [word.replace("@", output) for word in self.words]

    def alone(self):
        began = time.time()
        run(f"{self.name}-alone.out", [*self.command(f"{self.name}-alone"), *DEVICE])
        self.seconds = max(1.0, time.time() - began - 1.5)

    def disturbed(self, number, moments):
        """Returns how many kills met the run at work."""
        output = f"{self.name}-workers-{number}"
        port = free_port()
        words = ["worker", *self.worker, f"cluster.members=[127.0.0.1:{port}]", f"cluster.join_timeout={LIMIT}", *DEVICE]
        workers = [Worker(f"{output}-worker-{i}", words) for i in range(2)]
        log = output + ".out"
        run = start(log, [*self.command(output), f"cluster.listen=127.0.0.1:{port}", "cluster.workers=2", *DEVICE])
        await_that("both workers have joined", lambda: all(one.joined() for one in workers) or run.poll() is not None,
                   log, *(one.log() for one in workers))
        began, met = time.time(), 0
        for moment in moments:
            while time.time() - began < moment and run.poll() is None:
                time.sleep(0.005)
            victim = draw.randrange(2)
            if run.poll() is not None:
                break
            workers[victim].kill()
            if run.poll() is not None:
                break
            met += 1
            print(f"  {self.name}: worker {victim} killed after {time.time() - began:.2f} s", flush=True)
            workers[victim].start()
        code = run.wait(LIMIT)
        logs = [log, *(one.log() for one in workers)]
        if code != 0:
            fail(f"{self.name} with workers ended with {code}", *logs)
        for file in self.files:
            self.compare(file.replace("@", f"{self.name}-alone"), file.replace("@", output), *logs)
        for one in workers:
            one.end()
        return met, time.time() - began

    def interrupted(self):
        """Ctrl-C, then resume=true; both with workers. Returns when it came."""
        output = f"{self.name}-resumed"
        port = free_port()
        words = ["worker", *self.worker, f"cluster.members=[127.0.0.1:{port}]", f"cluster.join_timeout={LIMIT}", *DEVICE]
        log = output + ".out"
        command = [*self.command(output), f"cluster.listen=127.0.0.1:{port}", *DEVICE]
        worker, run = Worker(f"{output}-worker-0", words), start(log, command)
        ledger = output + "/ledger.jsonl"
        count = draw.randrange(1, 100)  # of 200: time enough for the signal
        await_that(f"{count} rows are there", lambda: read(ledger).count("\n") >= count or run.poll() is not None, log)
        run.send_signal(signal.SIGINT)
        code = run.wait(LIMIT)
        if code != 130:
            fail(f"{self.name}: expected an end with 130 after Ctrl-C, found {code}", log, worker.log())
        rows = read(ledger).count("\n")
        code = worker.process.wait(60)
        if code not in (0, 4):
            fail(f"{self.name}: a worker ended with {code} after Ctrl-C", worker.log())
        worker, run = Worker(f"{output}-worker-1", words), start(log, [*command, "resume=true"])
        code = run.wait(LIMIT)
        if code != 0:
            fail(f"{self.name}: resume=true ended with {code}", log, worker.log())
        worker.end()
        for file in self.files:
            self.compare(file.replace("@", f"{self.name}-alone"), file.replace("@", output), log)
        return rows

    def compare(self, one, other, *logs):
        with open(one, "rb") as first, open(other, "rb") as second:
            if first.read() != second.read():
                os.system(f"cmp {one} {other}")
                fail(f"{self.name}: {other} differs from {one}", *logs)


STUDENT = ["model=embedded:student"]
stages = [
    Stage("policy",
          ["policy", *STUDENT, "data=embedded:prompts", "rule=world", "max_completion_length=24", "batch_size=32", "max_steps=6",
           "output=@"], ["@/samples.jsonl"], STUDENT),
    Stage("rank",
          ["rank", *STUDENT, "online=true", "data=embedded:prompts", "rule=world", "max_new_tokens=24", "max_length=100",
           "batch_size=16", "max_steps=6", "output=@"], ["@/samples.jsonl"], STUDENT),
    Stage("generate",
          ["generate", *STUDENT, "data=embedded:prompts", "num_generations=2", "max_new_tokens=40", "output=@.jsonl"],
          ["@.jsonl"], STUDENT),
    Stage("elicit",
          ["elicit", *STUDENT, "data=embedded:prompts", "teacher=embedded:teacher", "max_new_tokens=24", "max_rows=200",
           "output=@"], ["@/ledger.jsonl", "@/preferences.jsonl", "@/ranked.jsonl"], [*STUDENT, "teacher=embedded:teacher"]),
    Stage("logprobs",
          ["logprobs", *STUDENT, "data=pairs.jsonl", "batch_size=4", "output=@.jsonl"], ["@.jsonl"], STUDENT),
    Stage("score",
          ["score", "model=reward/model", "data=pairs.jsonl", "batch_size=4", "output=@.jsonl"], ["@.jsonl"],
          ["model=reward/model"]),
    Stage("cache",
          ["distill", *STUDENT, "teacher=embedded:teacher", "data=answers.jsonl", "teacher_top_k=32", "teacher_cache=@-cache",
           "max_steps=1", "batch_size=8", "max_length=128", "output=@"], ["@-cache/CACHE"], ["model=embedded:teacher"]),
]


def rows():
    """Pairs and answers to train on, from an elicitation."""
    run("rows.out", ["elicit", *STUDENT, "data=embedded:prompts", "rule=world", "max_new_tokens=24", "output=rows", *DEVICE])
    pairs = open("rows/preferences.jsonl", encoding="utf-8").readlines()
    with open("pairs.jsonl", "w", encoding="utf-8") as file:
        file.writelines(pairs * 3)
    with open("answers.jsonl", "w", encoding="utf-8") as file:
        for line in pairs:
            row = json.loads(line)
            for key in ("chosen", "rejected"):
                file.write(json.dumps({"prompt": row["prompt"], "completion": row[key]}) + "\n")
    run("reward.out", ["reward", *STUDENT, "data=rows/preferences.jsonl", "max_steps=2", "max_length=128", "output=reward", *DEVICE])


def cache_name(stage):
    """The file's name has the digest of teacher and rows, the same in every run."""
    (name,) = [name for name in os.listdir(f"{stage.name}-alone-cache") if name.endswith(".bin")]
    stage.files = [file.replace("CACHE", name) for file in stage.files]


wanted = os.environ.get("STAGES", "").split()
stages = [stage for stage in stages if not wanted or stage.name in wanted]
rows()
left = kills
for place, stage in enumerate(stages):
    stage.alone()
    if stage.name == "cache":
        cache_name(stage)
    quota = left // (len(stages) - place) + (1 if left % (len(stages) - place) else 0)
    left -= quota
    met, number, span = 0, 0, stage.seconds
    while met < quota or number == 0:
        moments = sorted(draw.uniform(0, 0.9 * span) for _ in range(quota - met))
        found, lasted = stage.disturbed(number, moments)
        met += found
        number += 1
        span = min(span, lasted)
        if number > 10:
            fail(f"{stage.name}: {quota} kills were wanted, {met} met it at work")
    print(f"{stage.name}: equal to one process, {met} kills in {number} {'run' if number == 1 else 'runs'}", flush=True)
    if stage.name == "elicit":
        print(f"elicit: interrupted after {stage.interrupted()} prompts and resumed: equal to one process", flush=True)
end()
print(f"{len(stages)} stages with two workers, {kills} kills: all files equal to those of one process")
