package ai.preceptor.tinker;

import ai.preceptor.data.DataException;
import ai.preceptor.data.TeacherException;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.lm.ForwardPass;
import ai.preceptor.lm.TokenStatistic;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.Trainable;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A student that a service trains: passes give log-probabilities, derivatives are collected until the optimizer step and sent with
 * it, since a service may divide by the number of sequences of a step. Outputs are log-probabilities; entropies and other statistics
 * are not known.
 *
 * <p>A checkpoint is a file {@code service.json} that says where the service keeps weights and optimizer. The model is a LoRA adapter
 * in PEFT's layout, with the tokenizer of the local directory.
 */
public final class TinkerModel implements Trainable, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TinkerModel.class);

    private static final String STATE = "service.json";
    private static final String PATH = "path";
    private static final String BASE = "base_model";
    private static final String RANK = "lora_r";
    private static final String LEGAL_PATH = "tinker://[A-Za-z0-9_.:/-]{1,1000}";
    private static final JsonMapper JSON = new JsonMapper();
    private static final int SMALL = 4096;

    private final TinkerService service;
    private final Path directory;
    private final int rank;
    private final long seed;
    private final AdamTerms terms;
    private final int vocabulary;
    private final Calibration calibration;
    private final List<Datum> collected = new ArrayList<>();
    private @Nullable RemoteModel model;
    private boolean isBroken;

    private TinkerModel(
            TinkerService service,
            Path directory,
            int rank,
            TrainConfig config,
            int vocabulary,
            Calibration calibration) {
        this.service = service;
        this.directory = directory;
        this.rank = rank;
        this.seed = config.seed();
        this.terms = AdamTerms.of(config);
        this.vocabulary = vocabulary;
        this.calibration = calibration;
    }

    /**
     * Finds out what the service does with derivatives, and whether its adapter can be exported. The student is made when it is first
     * used.
     *
     * @param directory with the student's configuration and tokenizer
     * @param rank of its adapter, 1 or more
     * @param config AdamW's settings, and the seed of the adapter's initial numbers
     * @param probe a short text in token ids, at least one
     * @throws ai.preceptor.data.ConfigurationException if the service does not follow derivatives
     * @throws TeacherException if it fails
     */
    public static TinkerModel open(TinkerService service, Path directory, int rank, TrainConfig config, int[] probe) {
        int vocabulary = DecoderConfig.read(directory).vocabSize();
        Calibration calibration = Calibration.of(service, rank, AdamTerms.of(config), probe, directory);
        Normalization found = calibration.normalization();
        LOG.info(
                "{}: trains a LoRA adapter of rank {}, lora_alpha 32, on all linear modules of {}; {}",
                service.name(),
                rank,
                service.baseModel(),
                found.told());
        if (config.maxGradNorm() > 0) {
            LOG.warn(
                    "max_grad_norm {} is not sent: the API has no such setting; SkyRL does not clip with JAX, and clips at 1"
                            + " with FSDP",
                    config.maxGradNorm());
        }
        if (!found.byPositions() && !found.bySequences()) {
            LOG.warn(
                    "adam_beta1, adam_beta2, adam_epsilon and weight_decay are sent, but SkyRL follows them with JAX only");
        }
        return new TinkerModel(service, directory, rank, config, vocabulary, calibration);
    }

    /** The untrained model; the caller closes it. */
    public TinkerReference reference() {
        return new TinkerReference(service, rank, vocabulary);
    }

    /** The untrained model by content, as far as it is known here. */
    public String fingerprint() {
        return calibration.fingerprint();
    }

    private RemoteModel model() {
        RemoteModel open = model == null ? service.model(rank, seed) : model;
        model = open;
        return open;
    }

    /** Log-probabilities in nats of a batch's targets, {@code [targets]}. */
    public float[] logprobs(PackedBatch batch) {
        PackedSequences sequences = PackedSequences.of(batch, vocabulary);
        return sequences.gather(model().forward(sequences.data()));
    }

    /** A pass without gradients, whose statistics are not known. */
    public ForwardPass inspect(PackedBatch batch, Set<TokenStatistic> wanted) {
        return forward(batch, wanted);
    }

    @Override
    public ForwardPass forward(PackedBatch batch) {
        PackedSequences sequences = PackedSequences.of(batch, vocabulary);
        List<float[]> measured = model().forward(sequences.data());
        return new Collected(sequences, measured, sequences.gather(measured));
    }

    /** @throws UnsupportedOperationException if statistics are wanted */
    @Override
    public ForwardPass forward(PackedBatch batch, Set<TokenStatistic> wanted) {
        if (!wanted.isEmpty()) {
            throw new UnsupportedOperationException("a training service gives log-probabilities only, not " + wanted);
        }
        return forward(batch);
    }

    private final class Collected implements ForwardPass {
        private final PackedSequences sequences;
        private final List<float[]> measured;
        private final float[] outputs;
        private boolean isUsed;

        Collected(PackedSequences sequences, List<float[]> measured, float[] outputs) {
            this.sequences = sequences;
            this.measured = measured;
            this.outputs = outputs;
        }

        @Override
        public float[] outputs() {
            return outputs;
        }

        @Override
        public void backward(float[] gradient) {
            if (gradient.length != outputs.length) {
                throw new IllegalArgumentException(
                        "gradient: " + gradient.length + " numbers, must be as many as outputs: " + outputs.length);
            }
            if (isUsed) {
                throw new IllegalStateException("backward: called twice");
            }
            isUsed = true;
            collected.addAll(sequences.training(measured, gradient));
        }

        @Override
        public void close() {
            // numbers only
        }
    }

    /** Sends what was collected, and has a step made; {@code maxGradNorm} has no place in the API. */
    @Override
    public double step(double learningRate, double maxGradNorm) {
        List<Datum> data = calibration.normalization().undo(collected);
        collected.clear();
        if (!data.isEmpty() && !model().forwardBackward(data).stream().allMatch(TinkerModel::isFinite)) {
            return Double.NaN; // no step was made
        }
        double norm = model().step(learningRate, terms);
        isBroken = !Double.isFinite(norm);
        return norm;
    }

    private static boolean isFinite(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    /** @throws UnsupportedOperationException always: a service tells the norm with the step only */
    @Override
    public double gradientNorm() {
        throw new UnsupportedOperationException("a training service tells a gradient's norm with its step only");
    }

    @Override
    public void discardGradients() {
        collected.clear();
    }

    @Override
    public Optional<String> brokenWeights() {
        return isBroken
                ? Optional.of("the service made a step with a gradient whose norm is not finite")
                : Optional.empty();
    }

    @Override
    public long stateBytes() {
        return SMALL;
    }

    @Override
    public long modelBytes() {
        return calibration.adapterBytes();
    }

    @Override
    public void saveModel(Path target) {
        model().export(target, directory);
        new ModelFiles(directory).copyTo(target);
    }

    @Override
    public void saveState(Path checkpoint) {
        String state = JsonNodeFactory.instance
                .objectNode()
                .put(PATH, model().save())
                .put(BASE, service.baseModel())
                .put(RANK, rank)
                .toPrettyString();
        try {
            Files.writeString(checkpoint.resolve(STATE), state + "\n", StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In a new model: a service loads nothing into one that was used. */
    @Override
    public void loadState(Path checkpoint) {
        Path file = checkpoint.resolve(STATE);
        JsonNode state;
        try {
            state = JSON.readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new DataException(file + ": expected where a training service keeps the state: " + e.getMessage(), e);
        }
        String path = state.path(PATH).asText("");
        if (!path.matches(LEGAL_PATH) || state.path(RANK).asInt() != rank) {
            throw DataException.in(file, "expected path tinker://... and lora_r " + rank + ", found " + state);
        }
        String base = state.path(BASE).asText(service.baseModel());
        if (!base.equals(service.baseModel())) {
            throw DataException.in(
                    file,
                    "expected " + BASE + " " + service.baseModel() + ", which " + service.name() + " has, found "
                            + service.shown(base));
        }
        if (model != null) {
            model.close();
            model = null;
        }
        collected.clear();
        RemoteModel loaded = service.model(rank, seed);
        model = loaded;
        loaded.load(path);
    }

    @Override
    public void close() {
        if (model != null) {
            model.close();
        }
    }
}
