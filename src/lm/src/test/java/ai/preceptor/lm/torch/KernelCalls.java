package ai.preceptor.lm.torch;

import ai.djl.ndarray.NDArray;

/** Calls kernels by their names, for tests of one alone. */
public final class KernelCalls {
    private KernelCalls() {}

    /** One tensor of a kernel. */
    public static NDArray call(Kernels kernels, Scope out, String name, Object... arguments) {
        return kernels.find(name).call(out, arguments);
    }

    /** The tensors of a kernel. */
    public static NDArray[] callMany(Kernels kernels, Scope out, String name, Object... arguments) {
        return kernels.find(name).callMany(out, arguments);
    }
}
