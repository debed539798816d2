package ai.preceptor.lm;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.torch.Scope;

/** A forward pass that ends in log-probabilities of the batch's targets. */
final class TokenPass implements ForwardPass {
    private final LanguageModel model;
    private final Decoder.Activations activations;
    private final Scope scope;
    private final NDArray targets;
    private final NDArray logSumExp;
    private final float[] logprobs;
    private final float[] entropies;
    private boolean used;

    TokenPass(LanguageModel model, PackedBatch batch, boolean keep, boolean entropy) {
        this.model = model;
        this.activations = model.decoder().forward(batch, keep);
        this.scope = model.parameters().torch().scope();
        this.targets = scope.indices(batch.targets());
        NDArray[] out = model.parameters()
                .torch()
                .kernels()
                .callMany(
                        scope,
                        "head_logprobs",
                        activations.hidden(),
                        model.head().compute(),
                        targets,
                        LanguageModel.VOCABULARY_TILE,
                        entropy);
        this.logprobs = out[0].toFloatArray();
        this.logSumExp = out[1];
        this.entropies = entropy ? out[2].toFloatArray() : new float[0];
    }

    @Override
    public float[] outputs() {
        return logprobs;
    }

    /** {@code [targets]} in nats; empty unless asked for. */
    float[] entropies() {
        return entropies;
    }

    @Override
    public void backward(float[] gradient) {
        Passes.check(gradient, logprobs.length, used);
        used = true;
        Parameters parameters = model.parameters();
        boolean first = parameters.takeFresh();
        try (Scope inner = scope.sub()) {
            NDArray dHidden = parameters
                    .torch()
                    .kernels()
                    .call(
                            inner,
                            "head_backward",
                            activations.hidden(),
                            model.head().compute(),
                            targets,
                            logSumExp,
                            inner.floats(gradient),
                            model.head().gradient(),
                            first,
                            LanguageModel.VOCABULARY_TILE);
            model.decoder().backward(activations, dHidden, first, first && !model.isTied());
        }
    }

    @Override
    public void close() {
        scope.close();
        activations.close();
    }
}
