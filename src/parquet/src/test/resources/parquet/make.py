"""Makes the golden files beside this script: pyarrow 26.0.1, datasets 5.2.0.  Run: python make.py"""
import csv, datetime, decimal, json, os, shutil
import pyarrow as pa, pyarrow.parquet as pq, datasets

here = os.path.dirname(os.path.abspath(__file__))
out = lambda name: os.path.join(here, name)
tables = lambda name: os.path.join(here, "../../../../../data/src/test/resources/tables", name)

def talk(*texts):
    return [{"role": "assistant" if i % 2 else "user", "content": t} for i, t in enumerate(texts)]

rows = []
for i in range(7):
    rows.append({
        "prompt": talk(f"What is {i} + 1?", "Say more.", f"{i}?\nü 😀 \"quoted\", comma"),
        "chosen": [{"role": "assistant", "content": f"It is {i + 1}."}],
        "rejected": [{"role": "assistant", "content": f"It is {i}."}],
        "margin": None if i == 3 else i + 0.5,
        "topic": None if i % 2 else f"topic {i}",
        "tags": [] if i == 0 else None if i == 1 else [f"t{k}" for k in range(i)],
        "n": i,
    })
message = pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))
schema = pa.schema([("prompt", message), ("chosen", message), ("rejected", message), ("margin", pa.float64()),
                    ("topic", pa.string()), ("tags", pa.list_(pa.string())), ("n", pa.int64())])
table = pa.Table.from_pylist(rows, schema=schema)
assert table.to_pylist() == rows
with open(out("pairs.jsonl"), "w", encoding="utf-8") as f:
    for row in rows:
        f.write(json.dumps(row, ensure_ascii=False) + "\n")
shutil.copy(out("pairs.jsonl"), tables("pairs.jsonl"))
for codec in ("none", "snappy", "gzip", "zstd", "lz4"):
    pq.write_table(table, out(f"pairs-{codec}.parquet"), compression=codec, row_group_size=3)
pq.write_table(table, out("pairs-plain.parquet"), use_dictionary=False, data_page_version="2.0", compression="zstd")
pq.write_table(table, out("pairs-brotli.parquet"), compression="brotli")
pq.write_table(table, out("pairs-two-level.parquet"), use_compliant_nested_type=False)
datasets.Dataset.from_list(rows).to_parquet(out("pairs-datasets.parquet"))

columns = {
    "prompt": pa.array(["a", "b"]),
    "float32": pa.array([0.1, None], pa.float32()),
    "float16": pa.array([0.5, -2.0], pa.float16()),
    "double": pa.array([0.1, float("nan")]),
    "int8": pa.array([-1, 127], pa.int8()),
    "uint32": pa.array([2**32 - 1, 0], pa.uint32()),
    "uint64": pa.array([2**64 - 1, 0], pa.uint64()),
    "decimal": pa.array([decimal.Decimal("12345678901234567890.12"), None], pa.decimal128(30, 2)),
    "small": pa.array([decimal.Decimal("-1.5"), decimal.Decimal("2.0")], pa.decimal128(5, 1)),
    "date": pa.array([datetime.date(2024, 2, 29), None]),
    "time": pa.array([datetime.time(1, 2, 3, 4), None]),
    "utc": pa.array([datetime.datetime(2024, 2, 29, 1, 2, 3, 456789, datetime.timezone.utc), None], pa.timestamp("us", "UTC")),
    "local": pa.array([datetime.datetime(1969, 12, 31, 23, 59, 59, 500000), None], pa.timestamp("ms")),
    "nanos": pa.array([1, -1], pa.timestamp("ns")),
    "flag": pa.array([True, None]),
    "map": pa.array([[("k", 1), ("l", None)], None], pa.map_(pa.string(), pa.int64())),
    "numbered": pa.array([[(7, "x")], []], pa.map_(pa.int32(), pa.string())),
    "nothing": pa.nulls(2),
    "word": pa.array(["x", "x"]).dictionary_encode(),
    "large": pa.array(["y", None], pa.large_string()),
    "bytes": pa.array([b"text", None], pa.binary()),
    "deep": pa.array([[[1, None], [], None], None], pa.list_(pa.list_(pa.int32()))),
    "struct": pa.array([{"a": {"b": 1}}, {"a": None}], pa.struct([("a", pa.struct([("b", pa.int8())]))])),
}
pq.write_table(pa.table(columns), out("types.parquet"))
pq.write_table(pa.table({"prompt": ["a"], "stamp": pa.array([datetime.datetime(2001, 2, 3, 4, 5, 6)])}), out("int96.parquet"),
               use_deprecated_int96_timestamps=True)
pq.write_table(pa.table({"prompt": ["a", "b"], "raw": pa.array([b"\xff\xfe", b"ok"])}), out("binary.parquet"))
pq.write_table(pa.table({"prompt": pa.array([], pa.string())}), out("empty.parquet"))

plain = [{"prompt": "Two\nlines, \"quoted\"", "chosen": " yes ", "rejected": "no", "margin": 1.5, "topic": "a, b"},
         {"prompt": "ü 😀", "chosen": "[1] is a list", "rejected": "{x}", "topic": None, "margin": None}]
datasets.Dataset.from_list(plain).to_csv(tables("plain-datasets.csv"))
with open(tables("plain.jsonl"), "w", encoding="utf-8") as f:
    for row in plain:
        f.write(json.dumps({k: v for k, v in row.items() if v is not None}, ensure_ascii=False) + "\n")
with open(tables("pairs.csv"), "w", encoding="utf-8-sig", newline="") as f:
    w = csv.DictWriter(f, list(rows[0]))
    w.writeheader()
    for row in rows:
        w.writerow({k: json.dumps(v, ensure_ascii=False) if k in ("prompt", "chosen", "rejected") else "" if v is None else str(v) for k, v in row.items()})
