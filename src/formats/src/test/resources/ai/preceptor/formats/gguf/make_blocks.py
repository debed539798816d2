"""Random quantized blocks with the float32 values the gguf package makes of them: python make_blocks.py > blocks.jsonl

    pip install numpy gguf
"""
import json
import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType as T, dequantize

random = np.random.default_rng(20)
for t in [T.F16, T.BF16, T.Q4_0, T.Q4_1, T.Q5_0, T.Q5_1, T.Q8_0, T.Q2_K, T.Q3_K, T.Q4_K, T.Q5_K, T.Q6_K]:
    size, bytes_ = GGML_QUANT_SIZES[t]
    blocks = 64 if size == 1 else 3
    raw = random.integers(0, 256, (blocks, bytes_), dtype=np.uint8)
    raw = raw[np.isfinite(dequantize(raw.reshape(blocks, -1), t)).all(axis=1)]
    values = np.ascontiguousarray(dequantize(raw, t), dtype="<f4")
    print(json.dumps({"type": t.name, "raw": raw.tobytes().hex(), "values": values.tobytes().hex()}))
