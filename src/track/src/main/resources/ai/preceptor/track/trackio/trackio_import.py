"""Gives this run's metrics to trackio: python trackio_import.py [--project NAME] [--name NAME].

Run it again for what is new: trackio_import.json beside it says how many lines of metrics.jsonl trackio has.
"""

import argparse
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
sent = done.get(place, 0)

with open(here / "metrics.jsonl", encoding="utf-8") as file:
    rows = [json.loads(line) for line in file if line.endswith("\n")]
run = trackio.init(
    project=arguments.project,
    name=arguments.name,
    resume="allow" if sent else "never",
    embed=False,
)
for row in rows[sent:]:
    step = row.pop("step")
    numbers = {
        name: float(value)
        for name, value in row.items()
        if isinstance(value, (int, float)) or value in ("NaN", "Infinity", "-Infinity")
    }
    trackio.log(numbers, step=step)
trackio.finish()
done[place] = max(sent, len(rows))
mark.write_text(json.dumps(done) + "\n")
print(f"{len(rows) - min(sent, len(rows))} lines given to trackio, project {arguments.project}, run {arguments.name}")
