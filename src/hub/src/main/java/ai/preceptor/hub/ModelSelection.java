package ai.preceptor.hub;

import ai.preceptor.data.ConfigurationException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What a model needs of its repository: no weights in pickles, none in other frameworks' formats, no pictures. */
record ModelSelection(HubName name) implements FileSelection {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String CONFIG = "config.json";
    private static final String ADAPTER_CONFIG = "adapter_config.json";
    private static final String ADAPTER = "adapter_model.safetensors";
    private static final String WEIGHTS = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final String TOKENIZER = "tokenizer.json";
    private static final String TOKENIZER_CONFIG = "tokenizer_config.json";
    private static final Pattern SHARD = Pattern.compile("model-[0-9]+-of-[0-9]+\\.safetensors");
    private static final Pattern PICKLE = Pattern.compile(".*\\.(bin|pt|pth|pkl|ckpt)");
    private static final Pattern BESIDE = Pattern.compile("config\\.json|generation_config\\.json|adapter_config\\.json"
            + "|adapter_model\\.safetensors|tokenizer[^/]*\\.(json|model)|special_tokens_map\\.json|added_tokens\\.json"
            + "|vocab\\.json|merges\\.txt|chat_template[^/]*|[^/]+\\.jinja|additional_chat_templates/[^/]+\\.jinja"
            + "|README\\.md|LICENSE[^/]*|NOTICE[^/]*|USE_POLICY\\.md");

    /** Weights first. */
    @Override
    public List<String> of(List<String> files) {
        List<String> chosen = new ArrayList<>(weights(files));
        files.stream().filter(file -> BESIDE.matcher(file).matches()).forEach(chosen::add);
        return chosen.stream().distinct().toList();
    }

    private List<String> weights(List<String> files) {
        boolean configured = files.contains(CONFIG);
        if (configured && files.contains(WEIGHTS)) {
            return List.of(WEIGHTS);
        }
        List<String> shards =
                files.stream().filter(file -> SHARD.matcher(file).matches()).toList();
        if (configured && files.contains(INDEX) && !shards.isEmpty()) {
            List<String> all = new ArrayList<>(shards);
            all.add(INDEX);
            return all;
        }
        if (files.contains(ADAPTER_CONFIG) && files.contains(ADAPTER)) {
            return List.of(ADAPTER);
        }
        List<String> gguf = files.stream()
                .filter(file -> file.endsWith(GgufSelection.SUFFIX))
                .toList();
        if (gguf.size() == 1) {
            return gguf;
        }
        if (!gguf.isEmpty()) {
            throw new ConfigurationException("model " + name.repo() + " has several GGUF files; expected " + name.repo()
                    + "/FILE with one of " + some(gguf));
        }
        List<String> pickles =
                files.stream().filter(file -> PICKLE.matcher(file).matches()).toList();
        if (!pickles.isEmpty()) {
            throw new ConfigurationException("model " + name.repo() + " has its weights only as pickles ("
                    + some(pickles) + "), which can run any code and are not read here; expected safetensors or GGUF");
        }
        throw new ConfigurationException("model " + name.repo() + " has no weights that can be read; expected " + CONFIG
                + " with " + WEIGHTS + ", an adapter, or a GGUF file, found " + some(files));
    }

    /** A few of them, for a message. */
    static String some(List<String> files) {
        int most = 12;
        String shown = String.join(", ", files.subList(0, Math.min(most, files.size())));
        return files.isEmpty()
                ? "none"
                : shown + (files.size() > most ? " and " + (files.size() - most) + " more" : "");
    }

    @Override
    public String missing(Path snapshot, List<String> files) {
        boolean adapter = files.contains(ADAPTER_CONFIG) && files.contains(ADAPTER);
        if (!hasWeights(files) && (adapter || isOneGguf(files))) {
            return "";
        }
        Set<String> missing = new TreeSet<>(List.of(CONFIG, TOKENIZER));
        if (!files.contains(WEIGHTS)) {
            missing.addAll(files.contains(INDEX) ? shards(snapshot.resolve(INDEX)) : List.of(WEIGHTS));
        }
        files.forEach(missing::remove);
        return String.join(", ", missing);
    }

    private static boolean hasWeights(List<String> files) {
        return files.contains(WEIGHTS) || files.contains(INDEX);
    }

    private static boolean isOneGguf(List<String> files) {
        return files.stream()
                        .filter(file -> file.endsWith(GgufSelection.SUFFIX))
                        .count()
                == 1;
    }

    /** Files that the index names; one that is not an index is missing itself. */
    private static List<String> shards(Path index) {
        try {
            JsonNode map = JSON.readTree(index.toFile()).path("weight_map");
            List<String> shards = new ArrayList<>();
            map.forEach(file -> shards.add(file.asText()));
            return shards.isEmpty() ? List.of(WEIGHTS) : shards;
        } catch (IOException e) {
            return List.of(INDEX);
        }
    }

    /** Of the files beside the weights, only the settings of the tokenizer tell that all came; one GGUF file may be of several. */
    @Override
    public boolean isWhole(Path snapshot, List<String> files) {
        boolean told = hasWeights(files) ? files.contains(TOKENIZER_CONFIG) : files.contains(ADAPTER);
        return told && missing(snapshot, files).isEmpty();
    }

    @Override
    public Path path(Path snapshot, List<String> files) {
        if (hasWeights(files) || files.contains(ADAPTER) || !isOneGguf(files)) {
            return snapshot;
        }
        return files.stream()
                .filter(file -> file.endsWith(GgufSelection.SUFFIX))
                .findFirst()
                .map(snapshot::resolve)
                .orElse(snapshot);
    }
}
