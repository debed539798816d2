package ai.preceptor.lm.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.List;

/** One function in TorchScript. Arguments are tensors, arrays of them, numbers, booleans, {@code long[]} or {@code double[]}. */
final class Kernel {
    private final KernelModule kernels;
    private final String name;
    private final List<String> parameters;

    /** @param parameters names and types, in order, as TorchScript writes them: {@code first: bool} */
    Kernel(KernelModule kernels, String name, List<String> parameters) {
        this.kernels = kernels;
        this.name = name;
        this.parameters = parameters;
    }

    String name() {
        return name;
    }

    /** @throws IllegalStateException if it takes other parameters, or in another order */
    void requireParameters(List<String> expected) {
        if (!parameters.equals(expected)) {
            throw new IllegalStateException(
                    "kernel " + name + ": takes " + parameters + ", but is called with " + expected);
        }
    }

    /** Calls it for one tensor, which {@code out} owns. */
    NDArray call(Scope out, Object... arguments) {
        try (IValue result = invoke(arguments)) {
            return result.toTensor(out.manager());
        }
    }

    /** Calls it for a list of tensors, which {@code out} owns. */
    NDArray[] callMany(Scope out, Object... arguments) {
        try (IValue result = invoke(arguments)) {
            return result.toTensorArray(out.manager());
        }
    }

    /** Calls it for its effect on the tensors it is given. */
    void run(Object... arguments) {
        invoke(arguments).close();
    }

    private IValue invoke(Object... arguments) {
        if (arguments.length != parameters.size()) {
            throw new IllegalArgumentException("kernel " + name + ": received " + arguments.length
                    + " arguments, expected " + parameters.size() + ": " + String.join(", ", parameters));
        }
        return kernels.invoke(name, arguments);
    }
}
