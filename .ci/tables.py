"""write DIR: files of the same rows by pyarrow and datasets. check JSONL PARQUET: datasets reads our Parquet as our JSON lines."""
import csv
import json
import os
import random
import sys

import datasets
import pyarrow as pa
import pyarrow.parquet as pq

datasets.disable_progress_bars()


def write(directory):
    seed = 20261130
    draw = random.Random(seed)
    print("seed", seed)
    words = ["plain", "ü", "😀", 'a "quoted" word', "a, b", "line\nfeed", "[", "{", "\t"]
    rows = []
    for i in range(300):
        text = lambda: " ".join(draw.choices(words, k=draw.randint(1, 12))) + str(i)
        prompt = [{"role": "user", "content": text()}]
        if draw.random() < 0.3:
            prompt += [{"role": "assistant", "content": text()}, {"role": "user", "content": text()}]
        rows.append({
            "prompt": prompt,
            "chosen": [{"role": "assistant", "content": text()}],
            "rejected": [{"role": "assistant", "content": text() + "!"}],
            "margin": None if draw.random() < 0.2 else draw.random(),
            "source": None if draw.random() < 0.5 else draw.choice("abc"),
        })
    path = lambda name: os.path.join(directory, name)
    with open(path("rows.jsonl"), "w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    table = pa.Table.from_pylist(rows)
    for codec in ("none", "snappy", "gzip", "zstd", "lz4"):
        pq.write_table(table, path(f"rows-{codec}.parquet"), compression=codec, row_group_size=100)
    pq.write_table(table, path("rows-v2.parquet"), data_page_version="2.0", use_dictionary=False)
    data = datasets.Dataset.from_list(rows)
    data.to_parquet(path("rows-datasets.parquet"))
    os.mkdir(path("shards"))
    for shard in range(3):
        data.shard(3, shard, contiguous=True).to_parquet(path(f"shards/train-{shard:05d}-of-00003.parquet"))
    with open(path("rows.csv"), "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(rows[0])
        for row in rows:
            writer.writerow(json.dumps(v) if isinstance(v, list) else v for v in row.values())


def check(lines, parquet):
    with open(lines, encoding="utf-8") as file:
        expected = [json.loads(line) for line in file]
    loaded = datasets.load_dataset("parquet", data_files=parquet, split="train")
    assert loaded.to_list() == expected, "datasets reads other rows than those of JSON lines"
    print(len(expected), "rows,", loaded.features)


{"write": write, "check": check}[sys.argv[1]](*sys.argv[2:])
