package ai.preceptor.lm;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.weights.TensorSource;
import ai.preceptor.lm.adapter.Adapter;
import ai.preceptor.lm.adapter.AdapterPlan;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.decoder.Decoder;
import ai.preceptor.lm.torch.HeadKernels.ScalarHeads;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.ModelDirectory;
import ai.preceptor.lm.weights.ModelTensors;
import ai.preceptor.lm.weights.Parameter;
import ai.preceptor.lm.weights.Parameters;
import ai.preceptor.lm.weights.PassMode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A decoder with a scalar head: one score per answer, read at its last token. An ensemble has several heads on the same
 * hidden states.
 */
public final class RewardBackbone implements AutoCloseable {
    /** How a head that the directory does not have is started. */
    public enum HeadInit {
        /** All rewards start at 0. */
        ZEROS,
        /** Normal with standard deviation {@code initializer_range}, as transformers starts a new head. */
        NORMAL
    }

    private final Scope owner;
    private final Parameters parameters;
    private final Decoder decoder;
    private final Parameter score;
    private final @Nullable Parameter bias;

    private @Nullable Adapter adapter;

    private RewardBackbone(Scope owner, Torch torch, DecoderConfig config, LoadOptions options, AdapterPlan plan) {
        this.owner = owner;
        this.parameters = new Parameters(torch, owner, options.precision(), options.forward(), plan::trains);
        this.decoder = new Decoder(config, parameters, owner, options.checkpointing());
        boolean process = config.architecture().process();
        String head = process ? ModelTensors.labels(config) + ".weight" : ModelTensors.SCORE;
        this.score = parameters.addExact(head, config.rewardHeads(), config.hiddenSize());
        this.bias = process ? parameters.addExact(ModelTensors.labels(config) + ".bias", config.rewardHeads()) : null;
    }

    /**
     * Loads a reward model, or a causal language model whose vocabulary head is replaced by a new scalar one; either may
     * be an adapter's directory. To be run only, an adapter is merged into the weights; to be trained, it is what is
     * trained, with the head.
     *
     * @param init how a new head starts; a reward model's own head is kept
     * @param seed for {@link HeadInit#NORMAL}
     * @throws DataException when a file is missing, truncated, or not what the configuration says
     */
    public static RewardBackbone load(Torch torch, Path directory, LoadOptions options, HeadInit init, long seed) {
        return load(torch, directory, options, new NewHeads(1, init, seed));
    }

    /**
     * The same with several heads.
     *
     * @param heads what a directory without a head gets
     * @throws DataException also for a process reward model
     */
    public static RewardBackbone load(Torch torch, Path directory, LoadOptions options, NewHeads heads) {
        AdapterPlan plan = options.plan(directory, true);
        DecoderConfig config = plan.decoder();
        if (config.architecture().process()) {
            throw new DataException(directory
                    + ": is a process reward model, which scores steps; expected a reward model of" + " whole answers");
        }
        try (TensorSource weights = plan.open()) {
            DecoderConfig reward =
                    config.architecture().reward() ? config : config.asReward(plan.savedHeads(heads.count()));
            if (heads.count() > 1 && reward.rewardHeads() != heads.count()) {
                throw new ConfigurationException("ensemble_size: expected " + reward.rewardHeads() + ", the heads of "
                        + directory + ", or 1, which keeps them; found " + heads.count());
            }
            return load(torch, reward, options, plan, weights, heads);
        }
    }

    /**
     * Loads a process reward model, or a causal language model whose vocabulary head is replaced by one of two labels: its
     * outputs are two logits for each place that is read, of a wrong and of a right step. It is trained whole.
     *
     * @param separator the text after each step, of a model that has no such head yet; a model keeps its own
     * @param heads how a new head starts, with a count of 1; its bias starts at 0
     * @throws ConfigurationException if an adapter is to be trained
     * @throws DataException for a reward model of whole answers, and for families without such a class in transformers
     */
    public static RewardBackbone loadProcess(
            Torch torch, Path directory, LoadOptions options, String separator, NewHeads heads) {
        AdapterPlan plan = options.plan(directory, false);
        if (plan.config() != null) {
            throw new ConfigurationException("lora_r: expected none for a process reward model, which is trained whole;"
                    + " found an adapter with " + directory);
        }
        DecoderConfig config = plan.decoder();
        if (config.architecture().reward() && !config.architecture().process()) {
            throw new DataException(
                    directory + ": is a reward model of whole answers, expected a process reward model, or"
                            + " a language model that becomes one");
        }
        try (TensorSource weights = plan.open()) {
            DecoderConfig process = config.architecture().process() ? config : config.asProcessReward(separator);
            return load(torch, process, options, plan, weights, heads);
        }
    }

    private static RewardBackbone load(
            Torch torch,
            DecoderConfig config,
            LoadOptions options,
            AdapterPlan plan,
            TensorSource weights,
            NewHeads heads) {
        return torch.owning(owner -> {
            RewardBackbone model = new RewardBackbone(owner, torch, config, options, plan);
            Map<Parameter, float[]> made = new HashMap<>(Map.of(model.score, model.newHead(config, heads)));
            if (model.bias != null) {
                made.put(model.bias, new float[config.rewardHeads()]);
            }
            model.parameters.load(weights, made);
            model.adapter = plan.apply(model.decoder, model.parameters);
            return model;
        });
    }

    /**
     * Heads that a directory without one gets.
     *
     * @param count of the heads, 1 or more
     * @param init how they start; several that start at zero stay equal
     * @param seed for {@link HeadInit#NORMAL}
     */
    public record NewHeads(int count, HeadInit init, long seed) {
        /** @throws IllegalArgumentException if there is none, or several start at zero */
        public NewHeads {
            if (count < 1) {
                throw new IllegalArgumentException("heads: " + count + ", must be 1 or more");
            }
            if (count > 1 && init == HeadInit.ZEROS) {
                throw new IllegalArgumentException(
                        "init: zeros for " + count + " heads, must be normal: heads that start equal stay equal");
            }
        }
    }

    private float[] newHead(DecoderConfig source, NewHeads heads) {
        float[] head = new float[source.rewardHeads() * source.hiddenSize()];
        if (heads.init() == HeadInit.NORMAL) {
            double deviation = source.json().path("initializer_range").asDouble(0.02);
            Random random = new Random(heads.seed());
            for (int i = 0; i < head.length; i++) {
                head[i] = (float) (random.nextGaussian() * deviation);
            }
        }
        return head;
    }

    /**
     * Runs a batch of {@link PackedBatch.Builder#answer}s and keeps what the backward pass needs; outputs are rewards, the
     * {@link #heads} of an answer together. Of {@link PackedBatch.Builder#completion}s they are one for each token, read
     * before it, where its logits would be: the values of a critic.
     */
    public ForwardPass forward(PackedBatch batch) {
        return RewardPass.of(this, batch, PassMode.TRAINING);
    }

    /**
     * Rewards of the batch's answers, {@link #heads} per source.
     *
     * @throws NotFiniteException if one is not finite, with its index
     */
    public float[] rewards(PackedBatch batch) {
        try (RewardPass pass = RewardPass.of(this, batch, PassMode.SCORING)) {
            return NotFiniteException.require("reward", pass.outputs(), parameters);
        }
    }

    /**
     * Writes config.json ({@code *ForSequenceClassification}) and float32 weights into an existing directory; of a model
     * that trains an adapter, the adapter and the head alone, in PEFT's layout.
     */
    public void save(Path directory) {
        if (adapter == null) {
            ModelDirectory.write(directory, decoder.config(), parameters);
        } else {
            adapter.write(directory);
        }
    }

    /** Reads back what {@link #save} wrote of this model. */
    public void restore(Path directory) {
        if (adapter == null) {
            ModelDirectory.restore(directory, parameters);
        } else {
            adapter.load(directory);
        }
    }

    /** Starts the head anew: every reward is 0, and the trunk stays as it was loaded. */
    public void resetHead() {
        int numbers = decoder.config().rewardHeads() * decoder.config().hiddenSize();
        parameters.set(score, score.parts().get(0), new float[numbers]);
    }

    /** How many numbers are read at a place: 1, of an ensemble its members', of a process reward model two logits. */
    public int heads() {
        return decoder.config().rewardHeads();
    }

    /** Weights and gradients. */
    public Parameters parameters() {
        return parameters;
    }

    /** The model's sizes. */
    public DecoderConfig config() {
        return decoder.config();
    }

    Decoder decoder() {
        return decoder;
    }

    /** What rewards are computed with. */
    ScalarHeads scalarHeads() {
        return new ScalarHeads(score.values(), bias == null ? decoder.none() : bias.values());
    }

    /** Where their gradients are written. */
    ScalarHeads scalarGradients() {
        return new ScalarHeads(
                score.gradientOr(decoder.none()), bias == null ? decoder.none() : bias.gradientOr(decoder.none()));
    }

    @Override
    public void close() {
        owner.close();
    }
}
