"""Asks a Prometheus every query of a Grafana dashboard: grafana_queries.py DASHBOARD PROMETHEUS_URL.

A query that Prometheus does not accept is a failure, and so is one without a value, but for what such a run does not have.
"""

import json
import sys
import time
import urllib.parse
import urllib.request

# no served teacher, no GPU
ABSENT = ("teacher_", "gpu_")
PATIENCE = 120  # seconds; a scrape that takes longer than its interval, on a loaded machine, leaves no values


def absent(query):
    return query.startswith(ABSENT) or any("rate(" + name in query for name in ABSENT)


def ask(query):
    url = sys.argv[2] + "/api/v1/query?" + urllib.parse.urlencode({"query": query})
    answer = json.load(urllib.request.urlopen(url))
    assert answer["status"] == "success", query
    return answer["data"]["result"]


dashboard = json.load(open(sys.argv[1], encoding="utf-8"))
answered = empty = 0
deadline = time.monotonic() + PATIENCE
for panel in dashboard["panels"]:
    for target in panel.get("targets", []):
        query = target["expr"].replace("$run", ".+").replace("$command", ".+").replace("$__rate_interval", "5s")
        result = ask(query)
        while not result and not absent(query) and time.monotonic() < deadline:
            time.sleep(1)
            result = ask(query)
        if result:
            answered += 1
        else:
            assert absent(query), ("no value for", panel["title"], query)
            empty += 1
print(f"{answered} queries of the dashboard have values, {empty} are of what this run does not have")
assert answered >= 20
