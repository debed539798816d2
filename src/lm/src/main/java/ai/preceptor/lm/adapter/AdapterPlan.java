package ai.preceptor.lm.adapter;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.formats.config.AdapterConfig;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.config.LoraConfig;
import ai.preceptor.formats.config.TargetModules;
import ai.preceptor.formats.weights.TensorSource;
import ai.preceptor.lm.decoder.Decoder;
import ai.preceptor.lm.weights.ModelDirectory;
import ai.preceptor.lm.weights.ModelSource;
import ai.preceptor.lm.weights.ModelTensors;
import ai.preceptor.lm.weights.Parameter;
import ai.preceptor.lm.weights.Parameters;
import ai.preceptor.lm.weights.RenamedTensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is to be trained of a model, and with which adapter; known before any weight is loaded.
 *
 * @param source where base and adapter are
 * @param config the adapter's; null without adapter
 * @param fresh whether the adapter starts here, instead of being read
 * @param trainable whether anything is to be trained
 * @param seed of a new adapter's weights, and of dropout
 * @param repeated the modules that were asked for beside an adapter that is read, in other words than its own; null for none
 */
public record AdapterPlan(
        ModelSource source,
        @Nullable AdapterConfig config,
        boolean fresh,
        boolean trainable,
        long seed,
        @Nullable TargetModules repeated) {
    private static final String SCORE = "score";

    /**
     * What is asked of a model.
     *
     * @param lora the adapter to train; null for the one that is there, or none
     * @param adapter its directory; null for the model directory's own, or none
     * @param trainable whether anything is to be trained
     * @param seed of a new adapter's weights, and of dropout
     */
    public record Request(
            @Nullable LoraConfig lora, @Nullable Path adapter, boolean trainable, long seed) {}

    /**
     * @param reward whether the model is to give rewards: an adapter then trains the scalar head whole
     * @throws ConfigurationException when an adapter is asked for that differs from the one that is there
     */
    public static AdapterPlan of(Path directory, Request request, boolean reward) {
        ModelSource source = ModelSource.of(directory, request.adapter);
        LoraConfig asked = request.lora;
        if (source.adapter() == null) {
            AdapterConfig config = asked == null ? null : AdapterConfig.create(asked, reward, source.base());
            return new AdapterPlan(source, saving(config, reward), true, request.trainable, request.seed, null);
        }
        AdapterConfig config = AdapterConfig.read(source.adapter());
        TargetModules repeated = null;
        if (asked != null) {
            requireSame(source.adapter(), config.lora(), asked);
            repeated = asked.targetModules().equals(config.lora().targetModules()) ? null : asked.targetModules();
        }
        if (config.reward() && !reward) {
            throw new DataException(
                    source.adapter() + ": is an adapter of a reward model, expected one of a causal language model");
        }
        return new AdapterPlan(source, saving(config, reward), false, request.trainable, request.seed, repeated);
    }

    private static @Nullable AdapterConfig saving(@Nullable AdapterConfig config, boolean reward) {
        if (config == null || !reward) {
            return config;
        }
        List<String> saved = config.lora().modulesToSave();
        return config.as(
                true,
                saved.contains(SCORE)
                        ? saved
                        : Stream.concat(saved.stream(), Stream.of(SCORE)).toList());
    }

    private static void requireSame(Path adapter, LoraConfig found, LoraConfig asked) {
        List<String> differences = new ArrayList<>();
        note(differences, "lora_r", asked.r(), found.r());
        note(differences, "lora_alpha", asked.alpha(), found.alpha());
        note(differences, "lora_dropout", asked.dropout(), found.dropout());
        note(differences, "use_rslora", asked.useRslora(), found.useRslora());
        note(differences, "lora_modules_to_save", saved(asked), saved(found));
        if (!differences.isEmpty()) {
            throw new ConfigurationException(String.join("; ", differences) + asItIs(adapter));
        }
    }

    private static void note(List<String> differences, String key, Object asked, Object found) {
        if (!asked.equals(found)) {
            differences.add(key + ": expected " + found + ", found " + asked);
        }
    }

    /** Without a reward model's head, which is always among them. */
    private static SortedSet<String> saved(LoraConfig lora) {
        SortedSet<String> names = new TreeSet<>();
        lora.modulesToSave().forEach(name -> names.add(AdapterTensors.peftName(name)));
        names.remove(SCORE);
        return names;
    }

    private static String asItIs(@Nullable Path adapter) {
        return "; the model is adapter " + adapter
                + ", which is trained on as it is: leave the keys out, or merge it into its base first";
    }

    /**
     * Compares what was asked for beside an adapter that is read.
     *
     * @param module a linear module of the model
     * @param adapted whether the adapter has terms for it
     * @throws ConfigurationException if a new adapter with these keys would differ in that
     */
    void requireTarget(String module, boolean adapted) {
        if (repeated != null && adapted != (repeated.chooses(module) && !saves(module))) {
            throw new ConfigurationException("lora_target_modules: received " + repeated.json()
                    + (adapted ? ", which leaves out " : ", which chooses ") + module + asItIs(source.adapter()));
        }
    }

    /** Whether an adapter is trained, the weights staying as they are. */
    public boolean adapts() {
        return trainable && config != null;
    }

    /** Whether a block is trained. */
    public boolean trains(List<Parameter.Part> parts) {
        if (!adapts()) {
            return trainable;
        }
        long count = parts.stream().filter(part -> saves(module(part.name()))).count();
        if (count != 0 && count != parts.size()) {
            throw new ConfigurationException("lora_modules_to_save: received "
                    + lora().modulesToSave() + ", of which one block computes a part only; expected all or none of "
                    + parts.stream().map(part -> module(part.name())).toList());
        }
        return count != 0;
    }

    /** As PEFT: a module is saved when a name is its own, or the end of it or of one that it is in. */
    boolean saves(String module) {
        return lora().modulesToSave().stream()
                .map(name -> "(^|.*\\.)" + Pattern.quote(name) + "($|\\..*)")
                .anyMatch(regex ->
                        module.matches(regex) || AdapterTensors.peftName(module).matches(regex));
    }

    /**
     * How many scalar heads a base without any gets from a saved adapter.
     *
     * @param otherwise what it is where the adapter is one of a language model
     * @throws DataException for a reward model's adapter without a head
     */
    public int savedHeads(int otherwise) {
        if (fresh || source.adapter() == null) {
            return otherwise;
        }
        try (AdapterTensors tensors = AdapterTensors.open(source.adapter())) {
            String saved = tensors.saved().get(ModelTensors.SCORE);
            if (saved == null && source.reward()) {
                throw DataException.in(
                        tensors.source().path(), "is an adapter of a reward model without " + ModelTensors.SCORE);
            }
            return saved == null
                    ? otherwise
                    : Math.toIntExact(tensors.source().info(saved).shape()[0]);
        }
    }

    LoraConfig lora() {
        return Objects.requireNonNull(config, "no adapter").lora();
    }

    /**
     * The base's configuration; untied where an adapter changes the embedding or the head alone.
     *
     * @throws ConfigurationException when a new adapter is asked for of either
     */
    public DecoderConfig decoder() {
        DecoderConfig base = DecoderConfig.read(source.base());
        if (adapts() && fresh) {
            refuseEnds(base);
        }
        return base.tieWordEmbeddings() && changesEnds(base)
                ? base.edited(json -> json.put("tie_word_embeddings", false))
                : base;
    }

    /** The base's weights, as {@link #decoder} reads them. */
    public TensorSource open() {
        DecoderConfig base = DecoderConfig.read(source.base());
        TensorSource weights = ModelDirectory.open(source.base(), base);
        return base.tieWordEmbeddings() && changesEnds(base)
                ? RenamedTensors.withAlias(weights, ModelTensors.head(base), ModelTensors.embedding(base))
                : weights;
    }

    /** The weights with the adapter that is read in them, computed as they are read. */
    public TensorSource openMerged() {
        TensorSource weights = open();
        if (config == null || source.adapter() == null) {
            return weights;
        }
        try {
            return MergedSource.of(weights, config, AdapterTensors.open(source.adapter()), decoder());
        } catch (RuntimeException refused) {
            weights.close();
            throw refused;
        }
    }

    /**
     * Adds the adapter to a model whose weights are loaded: beside them when it is trained, else into them.
     *
     * @return the adapter that is trained; null when none is
     */
    @Nullable
    public Adapter apply(Decoder decoder, Parameters parameters) {
        if (config != null && adapts()) {
            return Adapter.attach(this, config, decoder, parameters);
        }
        if (config != null && source.adapter() != null) {
            try (AdapterTensors tensors = AdapterTensors.open(source.adapter())) {
                new MergedAdapter(config, tensors, parameters).merge();
            }
        }
        return null;
    }

    /** PEFT would adapt them; here they are trained in full or not at all, which must not happen silently. */
    private void refuseEnds(DecoderConfig base) {
        TargetModules targets = lora().targetModules();
        for (String tensor : List.of(ModelTensors.embedding(base), ModelTensors.head(base))) {
            String module = module(tensor);
            boolean chosen = targets.chooses(module) || targets.chooses(AdapterTensors.peftName(module));
            if (chosen && !(targets instanceof TargetModules.AllLinear) && !saves(module)) {
                throw new ConfigurationException("lora_target_modules: received " + targets.json() + ", which chooses "
                        + module + ": adapters of embeddings and heads are read and merged, not trained; leave it out,"
                        + " or train it whole with lora_modules_to_save");
            }
        }
    }

    private boolean changesEnds(DecoderConfig base) {
        if (config == null) {
            return false;
        }
        String embedding = ModelTensors.embedding(base);
        String head = ModelTensors.head(base);
        if (source.adapter() == null) {
            return saves(module(embedding)) || saves(module(head));
        }
        try (AdapterTensors tensors = AdapterTensors.open(source.adapter())) {
            return !tensors.embeddings().isEmpty()
                    || tensors.adapts(module(head))
                    || tensors.savedAs(embedding).isPresent()
                    || tensors.savedAs(head).isPresent();
        }
    }

    static String module(String tensor) {
        int dot = tensor.lastIndexOf('.');
        return dot < 0 ? tensor : tensor.substring(0, dot);
    }
}
