package ai.preceptor.formats.config;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.formats.io.JsonFields;
import ai.preceptor.formats.io.ModelJson;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * PEFT's {@code adapter_config.json} of a LoRA adapter, checked.
 *
 * @param lora rank, scale, dropout and modules
 * @param reward whether it makes a reward model of its base (task type {@code SEQ_CLS})
 * @param base where its base model is, as the file says: a path, or a name on the hub; empty when it does not say
 * @param json the whole file, so that saving loses nothing
 */
public record AdapterConfig(LoraConfig lora, boolean reward, Optional<String> base, ObjectNode json) {
    /** Name of the file in an adapter's directory. */
    public static final String FILE = "adapter_config.json";

    private static final String BASE = "base_model_name_or_path";
    private static final String TARGETS = "target_modules";
    private static final int MAX_RANK = 1 << 16;

    /** What a LoRA configuration may say that changes what is computed, and what it says when it does not. */
    private static final Map<String, List<String>> UNUSED = Map.of(
            "use_dora", List.of("false"),
            "lora_bias", List.of("false"),
            // others, such as pissa and loftq, change the base when the adapter is loaded
            "init_lora_weights", List.of("true", "false", "\"gaussian\"", "\"orthogonal\"", "\"eva\""),
            "bias", List.of("\"none\""),
            "use_qalora", List.of("false"),
            "use_bdlora", List.of("false"),
            "layer_replication", List.of("[]"),
            "trainable_token_indices", List.of("[]", "{}"),
            "target_parameters", List.of("[]"),
            "alora_invocation_tokens", List.of("[]"));

    /** A new adapter's, in PEFT's order, with null for what differs. */
    private static final String NEW = """
            {"alpha_pattern": {}, "auto_mapping": null, "bias": "none", "fan_in_fan_out": false, "inference_mode": true,
             "init_lora_weights": true, "layers_pattern": null, "layers_to_transform": null, "lora_alpha": null,
             "lora_bias": false, "lora_dropout": null, "peft_type": "LORA", "r": null, "rank_pattern": {},
             "revision": null, "target_modules": null, "use_dora": false, "use_rslora": null}
            """;

    /** Keeps a copy of the tree of its own. */
    public AdapterConfig {
        json = json.deepCopy();
    }

    /** Whether a directory holds an adapter. */
    public static boolean isIn(Path directory) {
        return Files.isRegularFile(directory.resolve(FILE));
    }

    /**
     * Reads the file of an adapter's directory.
     *
     * @throws DataException naming the file and every bad key with its value and legal range
     */
    public static AdapterConfig read(Path directory) {
        Path file = directory.resolve(FILE);
        ObjectNode json = ModelJson.read(file);
        JsonFields fields = new JsonFields(file, json);
        String type = fields.text("peft_type").orElse("");
        if (!type.equals("LORA")) {
            fields.problem("peft_type", "expected \"LORA\", found \"" + type + "\"");
            fields.finish();
        }
        UNUSED.forEach((key, none) -> {
            JsonNode value = fields.value(key);
            if (!value.isMissingNode() && !none.contains(value.toString())) {
                fields.problem(key, "expected " + String.join(", ", none) + " or null", value);
            }
        });
        int r = fields.size("r", MAX_RANK);
        double alpha = fields.positive("lora_alpha", 8);
        double dropout = fields.value("lora_dropout").asDouble(0);
        if (!(dropout >= 0 && dropout < 1)) {
            fields.problem("lora_dropout", "expected a number in [0, 1)", fields.value("lora_dropout"));
        }
        String task = fields.text("task_type").orElse("CAUSAL_LM");
        if (!List.of("CAUSAL_LM", "SEQ_CLS").contains(task)) {
            fields.problem("task_type", "expected \"CAUSAL_LM\" or \"SEQ_CLS\", found \"" + task + "\"");
        }
        Optional<String> base = fields.text(BASE).filter(text -> !text.isBlank());
        boolean rslora = fields.flag("use_rslora", false);
        checkPatterns(fields, "alpha_pattern", JsonFields::positive);
        checkPatterns(fields, "rank_pattern", (ranks, regex) -> ranks.size(regex, MAX_RANK));
        TargetModules targets = targets(fields);
        fields.finish();
        LoraConfig lora = new LoraConfig(r, alpha, dropout, rslora, targets, strings(json.path("modules_to_save")));
        return new AdapterConfig(lora, task.equals("SEQ_CLS"), base, json);
    }

    /** Numbers by expressions. */
    private static void checkPatterns(JsonFields fields, String key, BiConsumer<JsonFields, String> check) {
        JsonFields numbers = fields.inner(key);
        for (Map.Entry<String, JsonNode> entry : fields.value(key).properties()) {
            String regex = entry.getKey();
            String problem = ModulePattern.problem(regex, ModulePattern::end);
            if (problem != null) {
                fields.problem(key, "expected as keys " + problem);
            } else if (!numbers.has(regex)) {
                numbers.problem(regex, "expected a number above 0, found null");
            } else {
                check.accept(numbers, regex);
            }
        }
    }

    private static TargetModules targets(JsonFields fields) {
        JsonNode value = fields.value(TARGETS);
        if (!value.isTextual()) {
            if (!value.isArray() && !value.isMissingNode()) {
                fields.problem(TARGETS, "expected names of modules, one regular expression, or all-linear", value);
            }
            return new TargetModules.Named(strings(value));
        }
        String text = value.textValue();
        if (text.equalsIgnoreCase(TargetModules.ALL_LINEAR)) {
            return new TargetModules.AllLinear();
        }
        String problem = ModulePattern.problem(text, ModulePattern::whole);
        if (problem != null) {
            fields.problem(TARGETS, "expected " + problem);
        }
        return new TargetModules.Matching(text);
    }

    private static List<String> strings(JsonNode list) {
        return list.isArray() ? list.valueStream().map(JsonNode::asText).toList() : List.of();
    }

    /**
     * A new adapter's configuration, with every key that PEFT requires.
     *
     * @param base where the base model lies
     */
    public static AdapterConfig create(LoraConfig lora, boolean reward, Path base) {
        ObjectNode json = ModelJson.parse(NEW);
        json.put("lora_alpha", lora.alpha());
        if (lora.alpha() == Math.rint(lora.alpha()) && lora.alpha() < 1e9) {
            json.put("lora_alpha", (int) lora.alpha());
        }
        json.put("lora_dropout", lora.dropout());
        json.put("r", lora.r());
        json.set(TARGETS, lora.targetModules().json());
        json.put("use_rslora", lora.useRslora());
        AdapterConfig made = new AdapterConfig(lora, reward, Optional.empty(), json);
        return made.on(base).as(reward, lora.modulesToSave());
    }

    /** The same of a base that lies elsewhere. */
    public AdapterConfig on(Path directory) {
        String path = directory.toAbsolutePath().normalize().toString();
        return new AdapterConfig(lora, reward, Optional.of(path), json().put(BASE, path));
    }

    /** The same for another task, with modules that are saved whole. */
    public AdapterConfig as(boolean rewarding, List<String> saved) {
        ObjectNode copy = json().put("task_type", rewarding ? "SEQ_CLS" : "CAUSAL_LM");
        copy.putNull("modules_to_save");
        if (!saved.isEmpty()) {
            saved.forEach(copy.putArray("modules_to_save")::add);
        }
        return new AdapterConfig(lora.saving(saved), rewarding, base, copy);
    }

    /** The same with the modules that are named; they must be those that have adapters. */
    public AdapterConfig targeting(TargetModules targets) {
        ObjectNode copy = json();
        copy.set(TARGETS, targets.json());
        return new AdapterConfig(lora.withTargets(targets), reward, base, copy);
    }

    /** A copy of the whole file. */
    @Override
    public ObjectNode json() {
        return json.deepCopy();
    }

    /**
     * What B A of a module is multiplied with.
     *
     * @param rank rows of its A
     * @throws ConfigurationException when an expression of {@code alpha_pattern} takes too many steps
     */
    public double scale(String module, int rank) {
        double alpha =
                ofPattern("alpha_pattern", module).map(JsonNode::asDouble).orElse(lora.alpha());
        return alpha / (lora.useRslora() ? Math.sqrt(rank) : rank);
    }

    /**
     * Rows of a module's A.
     *
     * @throws ConfigurationException when an expression of {@code rank_pattern} takes too many steps
     */
    public int rank(String module) {
        return ofPattern("rank_pattern", module).map(JsonNode::asInt).orElse(lora.r());
    }

    /** As PEFT: by the first pattern that matches the name, or what comes after one of its dots, to its end. */
    private Optional<JsonNode> ofPattern(String key, String module) {
        return json.path(key).properties().stream()
                .filter(entry -> ModulePattern.end(entry.getKey()).startsWith(module))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** Writes the file into a directory. */
    public void write(Path directory) {
        ModelJson.write(directory.resolve(FILE), json);
    }
}
