package ai.preceptor.lm;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.decoder.Decoder;
import ai.preceptor.lm.torch.HeadKernels;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.weights.Parameter;
import ai.preceptor.lm.weights.Parameters;
import ai.preceptor.lm.weights.PassMode;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A forward pass that ends in log-probabilities of the batch's targets, at a temperature and over their supports. */
final class TokenPass implements ForwardPass {
    /** Softmax tiles are kept for the backward pass up to this many bytes, else computed again. */
    private static final long KEPT_SOFTMAX_BYTES = 256L << 20;

    private final LanguageModel model;
    private final Decoder.Activations activations;
    private final double temperature;
    private final Scope scope;
    private final NDArray targets;
    private final HeadKernels.Logits logits;
    private final NDArray logSumExp;
    private final Keep keep;
    private final NDArray[] kept;
    private final float[] logprobs;
    private final TokenStatistics statistics;
    private boolean used;

    /** What the head leaves for its backward pass. */
    private enum Keep {
        /** Nothing: its logits are computed again, if at all. */
        NOTHING(0),
        /** Its softmax. */
        SOFTMAX(1),
        /** The derivative of each log-probability, all that is needed where the head is frozen. */
        DIRECTION(2);

        private final int code;

        Keep(int code) {
            this.code = code;
        }
    }

    private TokenPass(
            LanguageModel model,
            Decoder.Activations activations,
            PackedBatch batch,
            PassMode use,
            Set<TokenStatistic> wanted,
            double temperature) {
        this.model = model;
        this.temperature = temperature;
        this.activations = activations;
        this.scope = activations.scope();
        this.targets = scope.indices(batch.targets());
        int tile = model.vocabularyTile();
        this.logits = new HeadKernels.Logits(
                tile,
                cap(),
                temperature,
                SupportMask.of(scope, batch, model.config().vocabSize(), tile));
        this.keep = keep(batch, use);
        NDArray[] out = kernels()
                .headLogprobs(
                        scope,
                        applied(model.head().forward(use)),
                        logits,
                        new HeadKernels.Wanted(
                                wanted.stream().mapToInt(TokenStatistic::bit).sum(),
                                keep.code,
                                model.parameters().precision().code()));
        this.logprobs = out[0].toFloatArray();
        this.logSumExp = out[1];
        Map<TokenStatistic, float[]> values = new EnumMap<>(TokenStatistic.class);
        int next = 3;
        for (TokenStatistic statistic : TokenStatistic.values()) {
            if (wanted.contains(statistic)) {
                values.put(statistic, out[next++].toFloatArray());
            }
        }
        this.statistics = new TokenStatistics(out[2].toFloatArray(), values);
        this.kept = Arrays.copyOfRange(out, next, out.length);
    }

    /**
     * Runs the trunk and the head.
     *
     * @param temperature divides the logits
     * @throws IllegalArgumentException if it is not finite and above 0
     */
    static TokenPass of(
            LanguageModel model, PackedBatch batch, PassMode use, Set<TokenStatistic> wanted, double temperature) {
        LanguageModel.requireTemperature(temperature);
        return model.decoder()
                .forward(batch, use, activations -> new TokenPass(model, activations, batch, use, wanted, temperature));
    }

    private Keep keep(PackedBatch batch, PassMode use) {
        if (!use.keeps() || cap() > 0) {
            return Keep.NOTHING;
        }
        if (!model.head().isTrainable()) {
            return Keep.DIRECTION;
        }
        return softmaxBytes(batch) <= KEPT_SOFTMAX_BYTES ? Keep.SOFTMAX : Keep.NOTHING;
    }

    private double cap() {
        return model.config().scales().logitCap();
    }

    private long softmaxBytes(PackedBatch batch) {
        return (long) batch.targets().length
                * model.config().vocabSize()
                * model.parameters().precision().bytes();
    }

    @Override
    public float[] outputs() {
        return logprobs;
    }

    @Override
    public TokenStatistics statistics() {
        return statistics;
    }

    @Override
    public void backward(float[] gradient) {
        backward(gradient, null);
    }

    @Override
    public void backward(float[] gradient, float @Nullable [] byEntropy) {
        Passes.check(gradient, logprobs.length, used);
        float[] entropies = {};
        float[] slopes = {};
        if (byEntropy != null) {
            Passes.check(byEntropy, logprobs.length, used);
            entropies = statistics.of(TokenStatistic.ENTROPY);
            slopes = scaled(byEntropy);
        }
        used = true;
        Parameters parameters = model.parameters();
        boolean first = parameters.takeFresh();
        try (Scope inner = scope.sub()) {
            HeadKernels.ByEntropy entropy = new HeadKernels.ByEntropy(inner.floats(entropies), inner.floats(slopes));
            NDArray dHidden = headBackward(inner, inner.floats(scaled(gradient)), entropy, first);
            for (NDArray tensor : kept) {
                tensor.close();
            }
            activations.backward(dHidden, first, first && !model.isTied());
        }
    }

    /** Derivatives by log-probabilities and entropies as the kernels take them, divided by the temperature. */
    private float[] scaled(float[] gradient) {
        if (temperature == 1) {
            return gradient;
        }
        float[] divided = new float[gradient.length];
        for (int i = 0; i < divided.length; i++) {
            divided[i] = (float) (gradient[i] / temperature);
        }
        return divided;
    }

    /** What was kept serves log-probabilities alone: for entropies the logits are computed again. */
    private NDArray headBackward(Scope inner, NDArray gradient, HeadKernels.ByEntropy entropy, boolean first) {
        boolean again = keep == Keep.NOTHING || !entropy.coefficients().isEmpty();
        if (keep == Keep.DIRECTION && !again) {
            return kernels().headBackwardFrozen(inner, kept[0], gradient);
        }
        Parameter head = model.head();
        HeadKernels.Gradient wanted = new HeadKernels.Gradient(
                logSumExp, gradient, head.gradientOr(model.decoder().none()), first);
        HeadKernels.Applied applied = applied(head.compute());
        return again
                ? kernels().headBackward(inner, applied, wanted, logits, entropy)
                : kernels().headBackwardKept(inner, applied, wanted, kept);
    }

    private HeadKernels kernels() {
        return model.parameters().torch().kernels().head();
    }

    private HeadKernels.Applied applied(NDArray weights) {
        return new HeadKernels.Applied(activations.hidden(), weights, targets);
    }

    @Override
    public void close() {
        activations.close();
    }
}
