"""TRL's side of the study's comparison (docs/results.md): the same rows in the same order, adapter, schedule and number of steps.

    pip install torch==2.13.0 trl==1.16.0 transformers==5.23.0 peft datasets
    S=runs/study
    python configs/study/trl_side.py reward --model MODEL --train $S/pairs/seed-1/reward-45/train.jsonl \\
        --heldout $S/pairs/seed-1/reward-45/heldout.jsonl --steps 45 --output DIR
    python configs/study/trl_side.py dpo --model MODEL --train $S/labels/labels/preferences.jsonl --steps 50 --rate 3e-3 --output DIR
    ./preceptor convert model=$S/labels/proxy/model output=MERGED
    python configs/study/trl_side.py rloo --model MODEL --train $S/data/train.jsonl --proxy MERGED --steps 10 --rate 1e-3 --output DIR

The last line of the output is JSON: seconds of training, seconds of processor time, peak resident memory in MiB, metrics. DIR gets the
adapter, which `./preceptor eval` and `score` read.
"""
import argparse
import json
import math
import pathlib
import resource
import time

import torch
from datasets import Dataset
from peft import LoraConfig
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification, AutoTokenizer

MODULES = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
BATCH = {"reward": 8, "dpo": 8, "rloo": 16}


def rows(file, keys):
    with open(file) as lines:
        return Dataset.from_list([{key: row[key] for key in keys} for row in map(json.loads, lines)])


def lora(task, **more):
    return LoraConfig(r=16, lora_alpha=32, target_modules=MODULES, layers_to_transform=list(range(20, 30)), task_type=task, **more)


def settings(arguments, **more):
    return dict(
        output_dir=arguments.output, per_device_train_batch_size=BATCH[arguments.task], max_steps=arguments.steps,
        learning_rate=arguments.rate, max_grad_norm=1.0, weight_decay=0.0, seed=arguments.seed, use_cpu=True, bf16=False,
        gradient_checkpointing=False, save_strategy="no", logging_steps=1, report_to=[], disable_tqdm=True, **more)


def reward(arguments):
    from trl import RewardConfig, RewardTrainer

    model = AutoModelForSequenceClassification.from_pretrained(arguments.model, num_labels=1, dtype=torch.float32)
    torch.nn.init.zeros_(model.score.weight)
    keys = ("prompt", "chosen", "rejected")
    return RewardTrainer(
        model=model, processing_class=AutoTokenizer.from_pretrained(arguments.model), train_dataset=rows(arguments.train, keys),
        eval_dataset=rows(arguments.heldout, keys) if arguments.heldout else None,
        peft_config=lora("SEQ_CLS", modules_to_save=["score"]),
        args=RewardConfig(**settings(arguments, lr_scheduler_type="cosine", warmup_steps=math.ceil(0.05 * arguments.steps),
                                     max_length=512, center_rewards_coefficient=0.01, per_device_eval_batch_size=8,
                                     train_sampling_strategy="sequential")))


def dpo(arguments):
    from trl import DPOConfig, DPOTrainer

    return DPOTrainer(
        model=AutoModelForCausalLM.from_pretrained(arguments.model, dtype=torch.float32),
        processing_class=AutoTokenizer.from_pretrained(arguments.model),
        train_dataset=rows(arguments.train, ("prompt", "chosen", "rejected")), peft_config=lora("CAUSAL_LM"),
        args=DPOConfig(**settings(arguments, lr_scheduler_type="linear", warmup_steps=5, max_length=512, beta=0.1,
                                  train_sampling_strategy="sequential")))


def rloo(arguments):
    from trl import RLOOConfig, RLOOTrainer

    tokenizer = AutoTokenizer.from_pretrained(arguments.model)
    proxy = AutoModelForSequenceClassification.from_pretrained(arguments.proxy, dtype=torch.float32).eval()
    statistics = json.loads((pathlib.Path(arguments.proxy) / "reward_statistics.json").read_text())

    def normalized(prompts, completions, **_):
        texts = [tokenizer.apply_chat_template(prompt + answer, tokenize=False) for prompt, answer in zip(prompts, completions)]
        batch = tokenizer(texts, return_tensors="pt", padding=True, padding_side="right", add_special_tokens=False)
        with torch.no_grad():
            return ((proxy(**batch).logits[:, 0] - statistics["mean"]) / statistics["std"]).tolist()

    return RLOOTrainer(
        model=AutoModelForCausalLM.from_pretrained(arguments.model, dtype=torch.float32), processing_class=tokenizer,
        reward_funcs=normalized, train_dataset=rows(arguments.train, ("prompt",)), peft_config=lora("CAUSAL_LM"),
        args=RLOOConfig(**settings(arguments, lr_scheduler_type="linear", warmup_steps=5, num_generations=4, beta=0.05,
                                   max_completion_length=64, temperature=1.0, shuffle_dataset=False)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("task", choices=sorted(BATCH))
    for name in ("model", "train", "output"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--heldout")
    parser.add_argument("--proxy", help="reward model, merged")
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    trainer = {"reward": reward, "dpo": dpo, "rloo": rloo}[arguments.task](arguments)
    start, used = time.time(), time.process_time()
    trainer.train()
    result = {"task": arguments.task, "seconds": time.time() - start, "processor_seconds": time.process_time() - used,
              "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}
    trainer.save_model(arguments.output)
    if arguments.heldout:
        result.update(trainer.evaluate())
    for name in ("loss", "reward", "kl"):
        values = [line[name] for line in trainer.state.log_history if name in line]
        if values:
            result.update({"first_" + name: values[:5], "last_" + name: values[-5:]})
    print(json.dumps(result))


if __name__ == "__main__":
    main()
