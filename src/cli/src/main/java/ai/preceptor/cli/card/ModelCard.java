package ai.preceptor.cli.card;

import ai.preceptor.cli.config.Resolved;
import ai.preceptor.cli.version.ProgramVersion;
import ai.preceptor.cli.yaml.YamlText;
import ai.preceptor.formats.config.AdapterConfig;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.hub.HubSnapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The card of a model that a command trained.
 *
 * @param run what trained it
 * @param directory of the model
 */
public record ModelCard(CardRun run, Path directory) {
    private static final String REWARD = "reward";
    private static final String BEST = "load_best_model_at_end";
    private static final String DISTILL = "distill";

    /**
     * Writes it beside the weights.
     *
     * @return whether it was written; false where a README.md is kept that somebody wrote or changed
     */
    public boolean write() {
        return !Files.isDirectory(directory) || CardFile.in(directory).write(text());
    }

    private boolean isAdapter() {
        return new ModelFiles(directory).isAdapter();
    }

    private boolean isReward() {
        return run.command().equals(REWARD);
    }

    /** The card: metadata, then text. */
    String text() {
        List<Citations.Method> methods = Citations.read().of(run.command(), new Resolved(run.keys()).toMap());
        return "---\n" + new YamlText(metadata(methods)) + "---\n\n" + body(methods);
    }

    private Map<String, @Nullable Object> metadata(List<Citations.Method> methods) {
        Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
        Optional<Path> model = run.path("model");
        BaseCard base = model.map(BaseCard::of).orElseGet(() -> new BaseCard(Map.of()));
        List<String> bases = model.flatMap(path -> HubSnapshot.origin(path.toString()))
                .map(origin -> List.of(origin.substring(0, origin.indexOf('@'))))
                .orElseGet(base::base);
        if (!bases.isEmpty()) {
            metadata.put("base_model", bases.size() == 1 ? bases.get(0) : bases);
            metadata.put("base_model_relation", isAdapter() ? "adapter" : "finetune");
        }
        metadata.putAll(base.license());
        metadata.put("library_name", isAdapter() ? "peft" : "transformers");
        metadata.put("pipeline_tag", isReward() ? "text-classification" : "text-generation");
        Set<String> tags = new LinkedHashSet<>(List.of("preceptor", run.command()));
        methods.forEach(method -> tags.add(method.tag()));
        if (isAdapter()) {
            tags.add("lora");
        }
        metadata.put("tags", new ArrayList<>(tags));
        if (!run.datasets().isEmpty()) {
            metadata.put("datasets", run.datasets());
        }
        if (!run.heldOut().isEmpty()) {
            metadata.put("model-index", index());
        }
        return metadata;
    }

    /** Figures of held-out rows, as the Hub shows them. */
    private List<Object> index() {
        String data = run.data().isEmpty()
                ? "held-out rows"
                : "held-out rows of " + Markdown.plain(CardRun.place(Path.of(last())));
        List<Object> metrics = new ArrayList<>();
        run.heldOut().forEach((name, value) -> metrics.add(map("type", name, "name", name, "value", value)));
        return List.of(map(
                "name",
                "model",
                "results",
                List.of(map(
                        "task",
                        map("type", isReward() ? "text-classification" : "text-generation"),
                        "dataset",
                        map("type", "rows", "name", data),
                        "metrics",
                        metrics))));
    }

    /** Held-out rows are read after, or split from, the rows of training. */
    private String last() {
        return run.data().get(run.data().size() - 1).name();
    }

    private static Map<String, Object> map(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put(String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
        }
        return map;
    }

    private String body(List<Citations.Method> methods) {
        Markdown text = new Markdown();
        String kind = isReward() ? "Reward model" : "Language model";
        text.heading(1, isAdapter() ? kind + " adapter (LoRA)" : kind);
        text.paragraph(sentence());
        if (!methods.isEmpty()) {
            text.heading(2, "Method");
            List<List<String>> rows = methods.stream()
                    .map(method -> List.of(method.name(), method.address()))
                    .toList();
            text.table(List.of("method", "source"), rows);
        }
        section(text, "Data", List.of("file", "rows", "SHA-256"), run.files());
        section(text, "Settings", List.of("key", "value"), run.settings());
        text.paragraph("All other settings have their defaults, or only say where and how it ran.");
        section(text, "Results", List.of("figure", "value"), run.numbers());
        if (!run.heldOut().isEmpty()) {
            boolean chosen =
                    Boolean.TRUE.equals(new Resolved(run.keys()).toMap().get(BEST));
            text.paragraph("Figures that begin with `eval_` are of rows that the model was not trained on."
                    + (chosen ? " The checkpoint was chosen by them, so they flatter it." : ""));
        }
        text.heading(2, "Use").code("python", use());
        return text.toString();
    }

    private static void section(Markdown text, String title, List<String> head, List<List<String>> rows) {
        if (!rows.isEmpty()) {
            text.heading(2, title).table(head, rows);
        }
    }

    private String sentence() {
        String base = run.path("model")
                .map(path -> "Trained from " + Markdown.escaped(CardRun.place(path)))
                .orElse("Trained");
        String teacher = run.command().equals(DISTILL)
                ? run.path("teacher")
                        .map(path -> " with the teacher " + Markdown.escaped(CardRun.place(path)))
                        .orElse("")
                : "";
        return base + teacher + " by `preceptor " + run.command() + "` ("
                + ProgramVersion.ofThis().name() + ").";
    }

    private String use() {
        String head = isReward() ? "AutoModelForSequenceClassification" : "AutoModelForCausalLM";
        if (isAdapter()) {
            String base = AdapterConfig.read(directory).base().isPresent() ? "" : "  # of its base model";
            String peft = head.replace("AutoModel", "AutoPeftModel");
            return "from peft import " + peft + "\nfrom transformers import AutoTokenizer\n\nmodel = " + peft
                    + ".from_pretrained(\"PATH_OR_NAME\")\ntokenizer = AutoTokenizer.from_pretrained(\"PATH_OR_NAME\")"
                    + base + "\n";
        }
        return "from transformers import " + head + ", AutoTokenizer\n\nmodel = " + head
                + ".from_pretrained(\"PATH_OR_NAME\")\ntokenizer = AutoTokenizer.from_pretrained(\"PATH_OR_NAME\")\n";
    }
}
