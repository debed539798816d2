package ai.preceptor.lm.adapter;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.config.AdapterConfig;
import ai.preceptor.formats.weights.FloatFormat;
import ai.preceptor.formats.weights.SafetensorsFile;
import ai.preceptor.formats.weights.TensorInfo;
import ai.preceptor.formats.weights.TensorSource;
import ai.preceptor.lm.weights.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The tensors of an adapter's directory under PEFT's names. */
public final class AdapterTensors implements AutoCloseable {
    /** Name of the file. */
    public static final String FILE = "adapter_model.safetensors";

    private static final String PREFIX = "base_model.model.";
    private static final String LORA_A = ".lora_A.weight";
    private static final String LORA_B = ".lora_B.weight";
    private static final String EMBEDDING_A = ".lora_embedding_A";
    private static final String EMBEDDING_B = ".lora_embedding_B";

    /** GPT-NeoX's head in checkpoints, and what transformers and so PEFT call the module since version 5. */
    private static final String OLD_HEAD = "embed_out";

    private static final String HEAD = "lm_head";

    private final SafetensorsFile file;
    private final SortedSet<String> linear = new TreeSet<>();
    private final SortedSet<String> embeddings = new TreeSet<>();
    private final Map<String, String> saved = new TreeMap<>();

    private AdapterTensors(SafetensorsFile file) {
        this.file = file;
    }

    /** @throws DataException when there is no such file, it is truncated, or holds what is no LoRA adapter */
    static AdapterTensors open(Path directory) {
        Path path = directory.resolve(FILE);
        if (!Files.isRegularFile(path)) {
            throw DataException.in(directory, "holds no " + FILE + ", which an adapter's weights are read from");
        }
        AdapterTensors tensors = new AdapterTensors(SafetensorsFile.open(path));
        try {
            tensors.sort();
            return tensors;
        } catch (RuntimeException refused) {
            tensors.close();
            throw refused;
        }
    }

    private void sort() {
        List<String> problems = new ArrayList<>();
        for (String name : file.names()) {
            String own = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : "";
            if (own.endsWith(LORA_A)) {
                pair(own, LORA_A, LORA_B, linear, problems);
            } else if (own.endsWith(LORA_B)) {
                pair(own, LORA_B, LORA_A, linear, problems);
            } else if (own.endsWith(EMBEDDING_A)) {
                pair(own, EMBEDDING_A, EMBEDDING_B, embeddings, problems);
            } else if (own.endsWith(EMBEDDING_B)) {
                pair(own, EMBEDDING_B, EMBEDDING_A, embeddings, problems);
            } else if (own.isEmpty() || own.contains(".lora_")) {
                problems.add(name + " is none of the tensors of a LoRA adapter");
            } else {
                saved.put(own.replace(".base_layer.", "."), name); // PEFT saves adapted embeddings and heads whole too
            }
        }
        if (!problems.isEmpty()) {
            throw DataException.in(file.path(), String.join("\n  ", problems));
        }
    }

    private void pair(String own, String first, String second, SortedSet<String> modules, List<String> problems) {
        String module = own.substring(0, own.length() - first.length());
        if (file.names().contains(PREFIX + module + second)) {
            modules.add(module);
        } else {
            problems.add(PREFIX + own + " has no " + second.substring(1) + " next to it");
        }
    }

    static String nameOfA(String module) {
        return PREFIX + module + LORA_A;
    }

    static String nameOfB(String module) {
        return PREFIX + module + LORA_B;
    }

    static String nameOfSaved(String tensor) {
        return PREFIX + peftName(tensor);
    }

    /** What PEFT calls a module, or a tensor of one, that a checkpoint has under this name. */
    static String peftName(String name) {
        return name.equals(OLD_HEAD) || name.startsWith(OLD_HEAD + ".")
                ? HEAD + name.substring(OLD_HEAD.length())
                : name;
    }

    /** The file's name of a tensor that is here whole, under either name that a head may have. */
    Optional<String> savedAs(String tensor) {
        return Optional.ofNullable(saved.getOrDefault(tensor, saved.get(peftName(tensor))));
    }

    /** Whether a linear module has A and B, under either name that a head may have. */
    boolean adapts(String module) {
        return linear.contains(module) || linear.contains(peftName(module));
    }

    static String nameOfEmbeddingA(String module) {
        return PREFIX + module + EMBEDDING_A;
    }

    static String nameOfEmbeddingB(String module) {
        return PREFIX + module + EMBEDDING_B;
    }

    TensorSource source() {
        return file;
    }

    /** Linear modules that have A and B. */
    SortedSet<String> linear() {
        return linear;
    }

    /** Embeddings that have A and B. */
    SortedSet<String> embeddings() {
        return embeddings;
    }

    /** Tensors of the base that are here whole, by their name there. */
    Map<String, String> saved() {
        return saved;
    }

    /**
     * Checks a linear module's terms.
     *
     * @param matrix the module's own
     * @param rank by the configuration
     * @throws DataException unless A and B fit both
     */
    void requireTerms(String module, Parameter.Part matrix, int rank) {
        requireShape(nameOfA(module), rank, matrix.blockShape()[1]);
        requireShape(nameOfB(module), matrix.rows(), rank);
    }

    /** @throws DataException unless a tensor has the shape, and an element type that is computed with */
    void requireShape(String name, long... shape) {
        TensorInfo found = file.info(name);
        if (!Arrays.equals(found.shape(), shape)) {
            throw DataException.in(
                    file.path(),
                    "tensor \"" + name + "\": expected shape " + Arrays.toString(shape) + " for the base model and "
                            + AdapterConfig.FILE + ", found " + Arrays.toString(found.shape()));
        }
        if (FloatFormat.of(found.dtype()).isEmpty()) {
            throw DataException.in(
                    file.path(),
                    "tensor \"" + name + "\": expected element type F32, F16 or BF16, found " + found.dtype());
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
