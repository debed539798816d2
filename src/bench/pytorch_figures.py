"""PyTorch's figures for the work of DeviceCheck, written with torch and transformers alone.

usage: pytorch_figures.py DEVICE DTYPE MODEL_DIR PAIRS.jsonl OUTPUT.json
"""

import json
import statistics
import sys
import time

import torch
import transformers

STEPS, WARM_UP, BATCH, BETA = 8, 3, 8, 0.1
PROMPTS, SAMPLES, NEW_TOKENS = 32, 8, 64


def finish(device):
    if device.startswith("cuda"):
        torch.cuda.synchronize(device)


def timed(device, work):
    finish(device)
    start = time.perf_counter()
    work()
    finish(device)
    return time.perf_counter() - start


def matmul_gflops(device, dtype, n=4096):
    a = torch.randn(n, n, device=device).to(dtype)
    seconds = [timed(device, lambda: a @ a) for _ in range(6)]
    return 2 * n**3 / statistics.median(seconds[2:]) / 1e9


def encode(tokenizer, prompt, answer):
    head = tokenizer.apply_chat_template(prompt, add_generation_prompt=True, tokenize=False)
    whole = tokenizer.apply_chat_template(prompt + answer, tokenize=False)
    ids = tokenizer(head, add_special_tokens=False).input_ids
    return ids, tokenizer(whole, add_special_tokens=False).input_ids


def sums(model, batch, device):
    width = max(len(ids) for _, ids in batch)
    tokens = torch.zeros(len(batch), width, dtype=torch.long)
    mask = torch.zeros(len(batch), width, dtype=torch.long)
    scored = torch.zeros(len(batch), width)
    for row, (head, ids) in enumerate(batch):
        tokens[row, : len(ids)] = torch.tensor(ids)
        mask[row, : len(ids)] = 1
        scored[row, len(head) : len(ids)] = 1
    tokens, mask, scored = tokens.to(device), mask.to(device), scored.to(device)
    logits = model(input_ids=tokens, attention_mask=mask).logits[:, :-1].float()
    chosen = logits.gather(2, tokens[:, 1:, None]).squeeze(2) - logits.logsumexp(2)
    return (chosen * scored[:, 1:]).sum(1)


def messages(value, role):
    return [{"role": role, "content": value}] if isinstance(value, str) else value


def dpo_step_seconds(device, dtype, directory, rows):
    tokenizer = transformers.AutoTokenizer.from_pretrained(directory)
    policy, reference = (
        transformers.AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32).to(device) for _ in range(2)
    )
    optimizer = torch.optim.AdamW(policy.parameters(), lr=1e-6)
    pairs = []
    for row in rows[: STEPS * BATCH]:
        prompt = messages(row["prompt"], "user")
        pairs.append([encode(tokenizer, prompt, messages(row[side], "assistant")) for side in ("chosen", "rejected")])

    def step(batch):
        both = [pair[0] for pair in batch] + [pair[1] for pair in batch]
        with torch.autocast(device.split(":")[0], dtype=torch.bfloat16, enabled=dtype == "bfloat16"):
            with torch.no_grad():
                base = sums(reference, both, device)
            ratio = sums(policy, both, device) - base
        margin = ratio[: len(batch)] - ratio[len(batch) :]
        (-torch.nn.functional.logsigmoid(BETA * margin).mean()).backward()
        torch.nn.utils.clip_grad_norm_(policy.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()

    starts = range(0, len(pairs) - BATCH + 1, BATCH)
    seconds = [timed(device, lambda at=at: step(pairs[at : at + BATCH])) for at in starts]
    return statistics.median(seconds[WARM_UP:])


def generation_tokens_per_second(device, dtype, directory, rows):
    tokenizer = transformers.AutoTokenizer.from_pretrained(directory, padding_side="left")
    tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
    kind = torch.bfloat16 if dtype == "bfloat16" else torch.float32
    model = transformers.AutoModelForCausalLM.from_pretrained(directory, dtype=kind).to(device)
    prompts = [
        tokenizer.apply_chat_template(messages(row["prompt"], "user"), add_generation_prompt=True, tokenize=False)
        for row in rows[:PROMPTS]
    ]
    inputs = tokenizer(prompts, return_tensors="pt", padding=True, add_special_tokens=False).to(device)
    inputs.pop("token_type_ids", None)
    out = []

    def generate():
        out.append(model.generate(**inputs, do_sample=True, top_k=0, max_new_tokens=NEW_TOKENS, num_return_sequences=SAMPLES))

    generate()
    seconds = timed(device, generate)
    answers = out[-1][:, inputs.input_ids.shape[1] :]
    return int((answers != tokenizer.pad_token_id).sum()) / seconds


def main():
    device, dtype, directory, data, output = sys.argv[1:]
    with open(data, encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    figures = {
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "device_name": torch.cuda.get_device_name(device) if device.startswith("cuda") else "cpu",
        "float32_gflops": matmul_gflops(device, torch.float32),
        "bfloat16_gflops": matmul_gflops(device, torch.bfloat16),
        "dpo_step_seconds": dpo_step_seconds(device, dtype, directory, rows),
        "generation_tokens_per_second": generation_tokens_per_second(device, dtype, directory, rows),
    }
    with open(output, "w", encoding="utf-8") as file:
        json.dump(figures, file)


main()
