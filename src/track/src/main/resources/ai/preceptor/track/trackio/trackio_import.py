"""Gives this run's metrics to trackio: python trackio_import.py [--project NAME] [--name NAME].

Run it again for what is new: trackio_import.json beside it says which line of metrics.jsonl trackio has last, by its step and its
number among the lines of that step. So steps that a resumed run makes again are not given twice.
"""

import argparse
import collections
import json
import pathlib

import trackio

here = pathlib.Path(__file__).resolve().parent
parser = argparse.ArgumentParser()
parser.add_argument("--project", default="preceptor")
parser.add_argument("--name", default=here.name)
arguments = parser.parse_args()

mark = here / "trackio_import.json"
done = json.loads(mark.read_text()) if mark.exists() else {}
place = f"{arguments.project}/{arguments.name}"

with open(here / "metrics.jsonl", encoding="utf-8") as file:
    rows = [json.loads(line) for line in file if line.endswith("\n")]
lines = collections.Counter()
places = []
for row in rows:
    lines[row["step"]] += 1
    places.append([row["step"], lines[row["step"]]])
last = done.get(place, [0, 0])
if isinstance(last, int):  # of an older version: a count of lines
    last = ([[0, 0]] + places)[: last + 1][-1]
new = [row for row, at in zip(rows, places) if at > last]

run = trackio.init(
    project=arguments.project,
    name=arguments.name,
    resume="allow" if place in done else "never",
    embed=False,
)
for row in new:
    step = row.pop("step")
    numbers = {
        name: float(value)
        for name, value in row.items()
        if isinstance(value, (int, float)) or value in ("NaN", "Infinity", "-Infinity")
    }
    trackio.log(numbers, step=step)
trackio.finish()
done[place] = max([last, *places])
mark.write_text(json.dumps(done) + "\n")
print(f"{len(new)} lines given to trackio, project {arguments.project}, run {arguments.name}")
