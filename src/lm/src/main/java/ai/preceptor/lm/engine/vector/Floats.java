package ai.preceptor.lm.engine.vector;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Precision;

/** Numbers of tensors of any element type as float32. */
public final class Floats {
    private Floats() {}

    /** All numbers, laid flat. */
    public static float[] of(Torch torch, NDArray tensor) {
        if (tensor.getShape().size() == 0) {
            return new float[0];
        }
        try (Scope scope = torch.scope()) {
            return torch.kernels()
                    .tensors()
                    .toType(scope, tensor, Precision.FLOAT32.code())
                    .toFloatArray();
        }
    }
}
