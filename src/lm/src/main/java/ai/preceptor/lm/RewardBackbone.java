package ai.preceptor.lm;

import ai.preceptor.lm.config.DecoderConfig;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.TensorSource;
import java.nio.file.Path;
import java.util.Random;

/** A decoder with a scalar head: one score per answer, read at its last token. */
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

    private RewardBackbone(Torch torch, DecoderConfig config, LoadOptions options) {
        this.owner = torch.scope();
        this.parameters = new Parameters(torch, owner, options.precision(), options.trainable());
        this.decoder = new Decoder(config, parameters, owner);
        this.score = parameters.add(ModelTensors.SCORE, 1, config.hiddenSize());
    }

    /**
     * Loads a reward model, or a causal language model whose vocabulary head is replaced by a new scalar one.
     *
     * @param init how a new head starts; a reward model's own head is kept
     * @param seed for {@link HeadInit#NORMAL}
     * @throws ai.preceptor.data.DataException when a file is missing, torn, or not what the configuration says
     */
    public static RewardBackbone load(Torch torch, Path directory, LoadOptions options, HeadInit init, long seed) {
        DecoderConfig config = DecoderConfig.read(directory);
        try (TensorSource checkpoint = ModelDirectory.open(directory, config)) {
            RewardBackbone model =
                    new RewardBackbone(torch, config.architecture().reward() ? config : config.asReward(), options);
            model.parameters.load(checkpoint, model.score, model.newHead(config, init, seed));
            return model;
        }
    }

    private float[] newHead(DecoderConfig source, HeadInit init, long seed) {
        float[] head = new float[source.hiddenSize()];
        if (init == HeadInit.NORMAL) {
            double deviation = source.json().path("initializer_range").asDouble(0.02);
            Random random = new Random(seed);
            for (int i = 0; i < head.length; i++) {
                head[i] = (float) (random.nextGaussian() * deviation);
            }
        }
        return head;
    }

    /** Runs a batch of {@link PackedBatch.Builder#answer}s and keeps what the backward pass needs; outputs are rewards. */
    public ForwardPass forward(PackedBatch batch) {
        return new RewardPass(this, batch, true);
    }

    /** Rewards of the batch's answers, one per source. */
    public float[] rewards(PackedBatch batch) {
        try (RewardPass pass = new RewardPass(this, batch, false)) {
            return pass.outputs();
        }
    }

    /** Writes config.json ({@code *ForSequenceClassification}) and float32 weights into an existing directory. */
    public void save(Path directory) {
        ModelDirectory.write(directory, decoder.config(), parameters);
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
