package ai.preceptor.lm;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.weights.TensorSource;
import ai.preceptor.lm.adapter.Adapter;
import ai.preceptor.lm.adapter.AdapterPlan;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.decoder.Decoder;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.ModelDirectory;
import ai.preceptor.lm.weights.ModelTensors;
import ai.preceptor.lm.weights.Parameter;
import ai.preceptor.lm.weights.Parameters;
import ai.preceptor.lm.weights.PassMode;
import java.nio.file.Path;
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

    private @Nullable Adapter adapter;

    private RewardBackbone(Scope owner, Torch torch, DecoderConfig config, LoadOptions options, AdapterPlan plan) {
        this.owner = owner;
        this.parameters = new Parameters(torch, owner, options.precision(), options.forward(), plan::trains);
        this.decoder = new Decoder(config, parameters, owner, options.checkpointing());
        this.score = parameters.addExact(ModelTensors.SCORE, config.rewardHeads(), config.hiddenSize());
    }

    /**
     * Loads a reward model, or a causal language model whose vocabulary head is replaced by a new scalar one; either may
     * be an adapter's directory. To be run only, an adapter is merged into the weights; to be trained, it is what is
     * trained, with the head.
     *
     * @param init how a new head starts; a reward model's own head is kept
     * @param seed for {@link HeadInit#NORMAL}
     * @throws ai.preceptor.data.DataException when a file is missing, truncated, or not what the configuration says
     */
    public static RewardBackbone load(Torch torch, Path directory, LoadOptions options, HeadInit init, long seed) {
        return load(torch, directory, options, new NewHeads(1, init, seed));
    }

    /**
     * The same with several heads.
     *
     * @param heads what a directory without a head gets
     */
    public static RewardBackbone load(Torch torch, Path directory, LoadOptions options, NewHeads heads) {
        AdapterPlan plan = options.plan(directory, true);
        DecoderConfig config = plan.decoder();
        try (TensorSource weights = plan.open()) {
            DecoderConfig reward =
                    config.architecture().reward() ? config : config.asReward(plan.savedHeads(heads.count()));
            if (heads.count() > 1 && reward.rewardHeads() != heads.count()) {
                throw new ConfigurationException("ensemble_size: expected " + reward.rewardHeads() + ", the heads of "
                        + directory + ", or 1, which keeps them; found " + heads.count());
            }
            return torch.owning(owner -> {
                RewardBackbone model = new RewardBackbone(owner, torch, reward, options, plan);
                model.parameters.load(weights, model.score, model.newHead(reward, heads));
                model.adapter = plan.apply(model.decoder, model.parameters);
                return model;
            });
        }
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

    /** How many rewards an answer gets, 1 but for an ensemble. */
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

    Parameter score() {
        return score;
    }

    @Override
    public void close() {
        owner.close();
    }
}
