"""Reads runs back from TensorBoard's event files, MLflow and trackio, and compares them with metrics.jsonl.

usage: trackers_read.py RUN_DIRECTORY...

MLflow and trackio must have every number as it is written in metrics.jsonl, TensorBoard the nearest float32, each step
once. Of steps that a resumed run made again MLflow keeps the first duration, or both where the first was being sent when
the run was killed.
"""

import json
import pathlib
import re
import sys

import mlflow
import numpy
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from trackio.sqlite_storage import SQLiteStorage


def written(run):
    values = {}
    for line in open(run / "metrics.jsonl", encoding="utf-8"):
        row = json.loads(line)
        step = row.pop("step")
        for name, value in row.items():
            assert (name, step) not in values
            values[name, step] = float(value)
    return values


def tensorboard(run):
    events = EventAccumulator(str(run / "tensorboard"), size_guidance={"scalars": 0})
    events.Reload()
    values = {}
    for name in events.Tags()["scalars"]:
        for event in events.Scalars(name):
            assert (name, event.step) not in values, (name, event.step)
            values[name, event.step] = event.value
    return values


def mlflow_values(run):
    client = mlflow.MlflowClient()
    found = client.get_run(json.loads((run / "trackers/mlflow.json").read_text())["run_id"])
    assert found.info.status == ("KILLED" if run.name == "outage" else "FINISHED"), found.info.status
    assert found.data.params["learning_rate"] == "1.0E-4", found.data.params["learning_rate"]
    values = {}
    for name in found.data.metrics:
        for metric in client.get_metric_history(found.info.run_id, name):
            again = run.name == "resumed" and name == "step_time"
            assert again or (name, metric.step) not in values, (name, metric.step)
            values[name, metric.step] = metric.value
    return values


def trackio_values(run):
    values = {}
    for row in SQLiteStorage.get_logs("check", run.name):
        for name, value in row.items():
            if name not in ("step", "timestamp"):
                assert (name, row["step"]) not in values, (name, row["step"])
                values[name, row["step"]] = value
    return values


def mlflow_name(name):
    return re.sub(r"[^A-Za-z0-9_./ -]", "_", name)


def same(what, found, expected):
    assert found.keys() == expected.keys(), (what, sorted(found.keys() ^ expected.keys())[:10])
    wrong = [(key, found[key], expected[key]) for key in expected if found[key] != expected[key]]
    assert not wrong, (what, wrong[:5])


for run in map(pathlib.Path, sys.argv[1:]):
    lines = written(run)
    same("TensorBoard", tensorboard(run), {key: float(numpy.float32(value)) for key, value in lines.items()})
    by_mlflow = mlflow_values(run)
    if run.name == "resumed":
        assert {key[1] for key in by_mlflow if key[0] == "step_time"} == {key[1] for key in lines}
        by_mlflow.update({key: value for key, value in lines.items() if key[0] == "step_time"})
    same("MLflow", by_mlflow, {(mlflow_name(name), step): value for (name, step), value in lines.items()})
    same("trackio", trackio_values(run), lines)
    print(f"{run.name}: {len(lines)} numbers are the same in TensorBoard, MLflow and trackio")
