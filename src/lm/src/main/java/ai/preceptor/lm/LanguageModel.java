package ai.preceptor.lm;

import ai.djl.ndarray.NDArray;
import ai.preceptor.data.DataException;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.family.LayerStyle.NormKind;
import ai.preceptor.formats.weights.TensorSource;
import ai.preceptor.lm.adapter.Adapter;
import ai.preceptor.lm.adapter.AdapterPlan;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.decoder.Decoder;
import ai.preceptor.lm.decoder.Taps;
import ai.preceptor.lm.torch.HeadKernels;
import ai.preceptor.lm.torch.Kernels;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.ModelDirectory;
import ai.preceptor.lm.weights.ModelTensors;
import ai.preceptor.lm.weights.Parameter;
import ai.preceptor.lm.weights.Parameters;
import ai.preceptor.lm.weights.PassMode;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.lm.weights.WeightsDigest;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A causal language model: a decoder and its head over the vocabulary. */
public final class LanguageModel implements AutoCloseable {
    private final Scope owner;
    private final Parameters parameters;
    private final Decoder decoder;
    private final Parameter head;
    private final int vocabularyTile;
    private @Nullable Adapter adapter;

    private LanguageModel(
            Scope owner,
            Torch torch,
            DecoderConfig config,
            LoadOptions options,
            Predicate<List<Parameter.Part>> trainable) {
        this.owner = owner;
        this.vocabularyTile = options.vocabularyTile();
        this.parameters = new Parameters(torch, owner, options.precision(), options.forward(), trainable);
        this.decoder = new Decoder(config, parameters, owner, options.checkpointing());
        this.head = config.tieWordEmbeddings()
                ? decoder.embedding()
                : parameters.add(ModelTensors.head(config), config.vocabSize(), config.hiddenSize());
    }

    /**
     * Loads a Hugging Face directory, or one with an adapter. To be run only, the adapter is merged into the weights; to
     * be trained, it is what is trained.
     *
     * @throws DataException when a file is missing, truncated, or not what the configuration says
     * @throws ai.preceptor.data.ConfigurationException when the adapter that the options ask for has no place in the model
     */
    public static LanguageModel load(Torch torch, Path directory, LoadOptions options) {
        AdapterPlan plan = options.plan(directory, false);
        DecoderConfig config = plan.decoder();
        if (config.architecture().reward()) {
            throw new DataException(directory + ": is a reward model ("
                    + config.architecture().label() + "), expected a causal language model");
        }
        try (TensorSource weights = plan.open()) {
            return torch.owning(owner -> {
                LanguageModel model = new LanguageModel(owner, torch, config, options, plan::trains);
                model.parameters.load(weights);
                model.adapter = plan.apply(model.decoder, model.parameters);
                return model;
            });
        }
    }

    /** A new model with random weights: matrices normal with the configuration's {@code initializer_range}. */
    public static LanguageModel initialise(Torch torch, DecoderConfig config, LoadOptions options, long seed) {
        float norms = config.style().norm() == NormKind.RMS_OFFSET ? 0 : 1;
        return torch.owning(owner -> {
            LanguageModel model = new LanguageModel(owner, torch, config, options, parts -> options.trainable());
            model.parameters.initialise(config.json().path("initializer_range").asDouble(0.02), norms, seed);
            return model;
        });
    }

    /** Runs a batch and keeps what {@link ForwardPass#backward} needs; outputs are the targets' log-probabilities. */
    public ForwardPass forward(PackedBatch batch) {
        return forward(batch, Set.of());
    }

    /** The same, with further numbers about each target's distribution in {@link ForwardPass#statistics}. */
    public ForwardPass forward(PackedBatch batch, Set<TokenStatistic> wanted) {
        return forward(batch, wanted, 1);
    }

    /**
     * The same at a temperature: of {@code log_softmax(z / temperature)}, where {@code z} are the model's logits, bounded if
     * the model bounds them.
     *
     * @param temperature divides the logits, above 0; at 1 the numbers are those of the other forms, bit by bit
     * @throws IllegalArgumentException if the temperature is not finite and above 0
     */
    public ForwardPass forward(PackedBatch batch, Set<TokenStatistic> wanted, double temperature) {
        return TokenPass.of(this, batch, PassMode.TRAINING, wanted, temperature);
    }

    /**
     * Log-probabilities in nats of the batch's targets, {@code [targets]}.
     *
     * @throws NotFiniteException if one is not finite, with the target's index
     */
    public float[] logprobs(PackedBatch batch) {
        return logprobs(batch, 1);
    }

    /** The same at a temperature, as in {@link #forward(PackedBatch, Set, double)}. */
    public float[] logprobs(PackedBatch batch, double temperature) {
        try (TokenPass pass = TokenPass.of(this, batch, PassMode.SCORING, Set.of(), temperature)) {
            return finite(pass);
        }
    }

    private float[] finite(TokenPass pass) {
        return NotFiniteException.require("log-probability of target", pass.outputs(), parameters);
    }

    /**
     * The same of the model that training started from: without its adapter, or with the one that was loaded. No second
     * model is needed for a reference.
     *
     * @throws IllegalStateException when no adapter is trained: the weights that training started from are gone
     */
    public float[] referenceLogprobs(PackedBatch batch) {
        return referenceLogprobs(batch, 1);
    }

    /** The same at a temperature, as in {@link #forward(PackedBatch, Set, double)}. */
    public float[] referenceLogprobs(PackedBatch batch, double temperature) {
        if (adapter == null) {
            throw new IllegalStateException("reference: the model trains no adapter, so it is not what it was");
        }
        try (TokenPass pass = TokenPass.of(this, batch, PassMode.REFERENCE, Set.of(), temperature)) {
            return finite(pass);
        }
    }

    /** Whether an adapter is trained, and the weights are not. */
    public boolean trainsAdapter() {
        return adapter != null;
    }

    /** Log-probabilities and entropies (nats) of the distributions they were read from. */
    public TokenScores score(PackedBatch batch) {
        return score(batch, 1);
    }

    /** The same at a temperature, as in {@link #forward(PackedBatch, Set, double)}. */
    public TokenScores score(PackedBatch batch, double temperature) {
        try (TokenPass pass =
                TokenPass.of(this, batch, PassMode.SCORING, Set.of(TokenStatistic.ENTROPY), temperature)) {
            return new TokenScores(finite(pass), pass.statistics().of(TokenStatistic.ENTROPY));
        }
    }

    /**
     * Runs a batch for a loss over whole distributions, and over hidden states.
     *
     * @param keep whether a gradient will be asked for
     * @param layers counted from 1, whose output at the batch's sources is wanted too
     */
    public DistributionPass distributions(PackedBatch batch, boolean keep, int... layers) {
        return distributions(batch, keep, Taps.states(layers));
    }

    /** The same, and attention. */
    public DistributionPass distributions(PackedBatch batch, boolean keep, Taps wanted) {
        requireUnbounded();
        return DistributionPass.of(this, batch, keep, requireLayers(wanted));
    }

    /** This model's distributions at the batch's targets, for a student to be compared with; the caller closes them. */
    public TeacherDistributions teach(PackedBatch batch, int... layers) {
        return teach(batch, Taps.states(layers));
    }

    /** The same, with hidden states and attention that are wanted too. */
    public TeacherDistributions teach(PackedBatch batch, Taps wanted) {
        requireUnbounded();
        return decoder.forward(
                batch,
                PassMode.SCORING,
                activations -> TeacherDistributions.whole(activations, head.compute(), config().vocabSize()),
                requireLayers(wanted));
    }

    /**
     * This model's distributions for a student whose batch has other targets, as it has with another tokenizer.
     *
     * @param batch as this model sees it
     * @param places for each target of the student's batch a target of {@code batch}, below 0 for none
     */
    public TeacherDistributions teachPlaced(PackedBatch batch, int[] places) {
        requireUnbounded();
        return decoder.forward(
                batch,
                PassMode.SCORING,
                activations -> TeacherDistributions.placed(activations, this, head.compute(), places));
    }

    private Taps requireLayers(Taps wanted) {
        IntStream.concat(Arrays.stream(wanted.states()), Arrays.stream(wanted.attention()))
                .filter(layer -> layer < 1 || layer > config().layers())
                .forEach(layer -> {
                    throw new IllegalArgumentException(
                            "layer: received " + layer + ", must be 1 to " + config().layers());
                });
        return wanted;
    }

    /**
     * The most probable tokens at each target.
     *
     * @param k how many, 1 to the vocabulary's size
     * @param temperature divides the logits, above 0
     */
    public TopTokens topTokens(PackedBatch batch, int k, double temperature) {
        requireUnbounded();
        try (Decoder.Activations activations = decoder.forward(batch, PassMode.SCORING);
                Scope scope = parameters.torch().scope()) {
            long rows = Math.max(1, DistributionPass.WORKED_BYTES / (4L * config().vocabSize()));
            NDArray[] out = kernels()
                    .divergence()
                    .topTokens(scope, activations.rounded(), head.compute(), k, temperature, rows);
            int[] ids = ints(out[0]);
            float[] logprobs = out[1].toFloatArray();
            for (int i = 0; i < logprobs.length; i++) {
                if (Float.isNaN(logprobs[i])) { // minus infinity is the share of no other tokens
                    throw NotFiniteException.of(
                            "probable tokens of target " + i / (k + 1),
                            i / (k + 1),
                            logprobs[i],
                            parameters.whyNotFinite());
                }
            }
            return new TopTokens(k, ids, logprobs);
        }
    }

    /**
     * A temperature that divides logits.
     *
     * @throws IllegalArgumentException if it is not finite and above 0
     */
    public static double requireTemperature(double temperature) {
        if (!(temperature > 0 && temperature < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("temperature: " + temperature + ", must be finite and above 0");
        }
        return temperature;
    }

    /**
     * The targets' log-probabilities and ranks among all tokens, and the most probable tokens in their places. The logits of
     * a few targets exist at a time.
     *
     * @param batch with a target at every source, at least one
     * @param k how many of the most probable tokens, 0 to the vocabulary's size
     * @throws NotFiniteException if a log-probability of a target is not finite, with the target's index
     */
    public RankedTokens rank(PackedBatch batch, int k) {
        try (Decoder.Activations activations = decoder.forward(batch, PassMode.SCORING);
                Scope scope = parameters.torch().scope()) {
            NDArray[] out = kernels()
                    .head()
                    .rankedTokens(
                            scope,
                            new HeadKernels.Applied(
                                    activations.hidden(),
                                    head.forward(PassMode.SCORING),
                                    scope.indices(batch.targets())),
                            k,
                            config().scales().logitCap(),
                            Math.max(1, DistributionPass.WORKED_BYTES / (4L * config().vocabSize())));
            float[] logprobs =
                    NotFiniteException.require("log-probability of target", out[0].toFloatArray(), parameters);
            return new RankedTokens(
                    k,
                    logprobs,
                    ints(out[1]),
                    k == 0 ? new int[0] : ints(out[2]),
                    k == 0 ? new float[0] : out[3].toFloatArray());
        }
    }

    private static int[] ints(NDArray whole) {
        return Arrays.stream(whole.toLongArray()).mapToInt(Math::toIntExact).toArray();
    }

    /** What moves in a training: an adapter and what is saved with it, or else every weight, frozen here or not. */
    private List<NDArray> moving() {
        List<Parameter> moving = parameters.hasAdapter() ? parameters.trained() : parameters.blocks();
        return moving.stream().map(Parameter::values).toList();
    }

    /**
     * Moves these weights towards another model's: {@code decay} of their own, the rest of the other's. With adapters, the
     * adapters move and the base stays as it is.
     *
     * @param other of the same configuration, and with the same adapter or none
     * @throws IllegalArgumentException if only one of the two has an adapter
     */
    public void follow(LanguageModel other, double decay) {
        if (parameters.hasAdapter() != other.parameters.hasAdapter()) {
            throw new IllegalArgumentException("other: expected an adapter on both models or on neither");
        }
        kernels()
                .optimizer()
                .follow(moving().toArray(NDArray[]::new), other.moving().toArray(NDArray[]::new), decay);
        parameters.refreshCopies();
    }

    /** The same as {@link #forward(PackedBatch, Set)} for looking only: nothing is kept for a backward pass. */
    public ForwardPass inspect(PackedBatch batch, Set<TokenStatistic> wanted) {
        return TokenPass.of(this, batch, PassMode.SCORING, wanted, 1);
    }

    /**
     * Logits and normed hidden states of every source, for parity checks.
     *
     * @param batch sources name the rows to read; targets are not used
     */
    public ForwardOutput read(PackedBatch batch) {
        try (Decoder.Activations activations = decoder.forward(batch, PassMode.SCORING);
                Scope scope = parameters.torch().scope()) {
            NDArray logits = kernels()
                    .head()
                    .headLogits(
                            scope,
                            activations.hidden(),
                            head.forward(PassMode.SCORING),
                            config().scales().logitCap());
            NDArray hidden = kernels().tensors().toType(scope, activations.hidden(), Precision.FLOAT32.code());
            return new ForwardOutput(logits.toFloatArray(), hidden.toFloatArray());
        }
    }

    /**
     * Writes config.json and float32 weights; of a model that trains an adapter, the adapter alone, in PEFT's layout.
     *
     * @param directory exists; callers that replace a model write to a temporary name and rename
     */
    public void save(Path directory) {
        if (adapter == null) {
            ModelDirectory.write(directory, config(), parameters);
        } else {
            adapter.write(directory);
        }
    }

    /**
     * The same for a model that only samples: matrices in the element type of this model's products, so in bfloat16 half the
     * bytes. One that is loaded in the same precision and not to be trained computes from it what this one computes.
     */
    public void saveToSample(Path directory) {
        if (adapter == null) {
            ModelDirectory.write(directory, config(), parameters, parameters.precision());
        } else {
            adapter.write(directory);
        }
    }

    /** Reads back what {@link #save} or {@link #saveToSample} wrote of this model. */
    public void restore(Path directory) {
        if (adapter == null) {
            ModelDirectory.restore(directory, parameters);
        } else {
            adapter.load(directory);
        }
    }

    /** Makes this model's weights equal to another's of the same configuration. */
    public void copyWeightsFrom(LanguageModel other) {
        for (int i = 0; i < parameters.blocks().size(); i++) {
            kernels()
                    .tensors()
                    .copyInto(
                            parameters.blocks().get(i).values(),
                            other.parameters.blocks().get(i).values());
        }
        parameters.refreshCopies();
    }

    /**
     * What this model computes as it is now, by content: configuration, element type, kind of device and weights. Equal for
     * models that compute equal numbers even if they were stored differently; reads every weight, so it takes about
     * as long as loading.
     *
     * @return SHA-256 in hexadecimal
     */
    public String fingerprint() {
        return WeightsDigest.of(config(), parameters, adapter == null ? "" : adapter.scales());
    }

    /** Weights and gradients. */
    public Parameters parameters() {
        return parameters;
    }

    /** The model's sizes. */
    public DecoderConfig config() {
        return decoder.config();
    }

    /** The trunk. */
    public Decoder decoder() {
        return decoder;
    }

    private Kernels kernels() {
        return parameters.torch().kernels();
    }

    private void requireUnbounded() {
        if (config().scales().logitCap() > 0) {
            throw new DataException("config.json: key \"final_logit_softcapping\": expected none where whole"
                    + " distributions are compared, found "
                    + config().scales().logitCap());
        }
    }

    /** The head over the vocabulary, {@code [vocabulary, d]}. */
    public Parameter head() {
        return head;
    }

    int vocabularyTile() {
        return vocabularyTile;
    }

    boolean isTied() {
        return head == decoder.embedding();
    }

    @Override
    public void close() {
        owner.close();
    }
}
