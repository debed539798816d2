"""huggingface_hub and datasets read the cards: MODEL_DIR ADAPTER_DIR ROWS_DIR CURATED_DIR."""
import sys

from datasets import load_dataset
from huggingface_hub import DatasetCard, ModelCard

model, adapter, rows, curated = sys.argv[1:]
card = ModelCard.load(f"{model}/README.md")
assert card.data.base_model == "org/student", card.data
assert card.data.license == "apache-2.0", card.data
assert card.data.library_name == "transformers" and card.data.base_model_relation == "finetune", card.data
assert "preceptor" in card.data.tags and "sft" in card.data.tags, card.data
assert card.data.datasets == ["org/answers"], card.data
results = {result.metric_type: result.metric_value for result in card.data.eval_results}
assert results["eval_loss"] > 0, results
assert "/tmp" not in card.content and "snapshots" not in card.content, card.content
assert ModelCard.load(f"{adapter}/README.md").data.library_name == "peft"

for directory, names in ((rows, ["preferences", "ranked"]), (curated, ["curated"])):
    card = DatasetCard.load(f"{directory}/README.md")
    assert [config["config_name"] for config in card.data.configs] == names, card.data
    for name in names:
        loaded = load_dataset(directory, name, split="train")
        assert len(loaded) > 0 and "prompt" in loaded.column_names, loaded
assert load_dataset(rows, split="train").column_names[:1] == ["prompt"]
print("huggingface_hub and datasets read 4 cards")
