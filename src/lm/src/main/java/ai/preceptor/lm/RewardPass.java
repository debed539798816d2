package ai.preceptor.lm;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.decoder.Decoder;
import ai.preceptor.lm.torch.HeadKernels;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.weights.Parameters;
import ai.preceptor.lm.weights.PassMode;

/** A forward pass that ends in one reward per source: the score of each answer at its last token. */
final class RewardPass implements ForwardPass {
    private final RewardBackbone model;
    private final Decoder.Activations activations;
    private final float[] rewards;
    private boolean used;

    private RewardPass(RewardBackbone model, Decoder.Activations activations) {
        this.model = model;
        this.activations = activations;
        try (Scope scope = model.parameters().torch().scope()) {
            rewards = kernels()
                    .scoreForward(scope, activations.hidden(), model.scalarHeads())
                    .toFloatArray();
        }
    }

    /** Runs the trunk and the head. */
    static RewardPass of(RewardBackbone model, PackedBatch batch, PassMode use) {
        return model.decoder().forward(batch, use, activations -> new RewardPass(model, activations));
    }

    @Override
    public float[] outputs() {
        return rewards;
    }

    @Override
    public void backward(float[] gradient) {
        Passes.check(gradient, rewards.length, used);
        used = true;
        Parameters parameters = model.parameters();
        boolean first = parameters.takeFresh();
        try (Scope inner = parameters.torch().scope()) {
            NDArray dHidden = kernels()
                    .scoreBackward(
                            inner,
                            activations.hidden(),
                            model.scalarHeads().weights(),
                            inner.floats(gradient),
                            model.scalarGradients(),
                            first);
            activations.backward(dHidden, first, first);
        }
    }

    private HeadKernels kernels() {
        return model.parameters().torch().kernels().head();
    }

    @Override
    public void close() {
        activations.close();
    }
}
