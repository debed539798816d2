package ai.preceptor.lm.torch;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a kernel takes.
 *
 * @param kernel its name
 * @param parameters names, in order
 */
record KernelSignature(String kernel, List<String> parameters) {

    /** @param list as TorchScript writes it, {@code x: Tensor, first: bool}; null for none */
    static KernelSignature parse(String kernel, @Nullable String list) {
        List<String> names = new ArrayList<>();
        if (list != null) {
            for (String parameter : list.split(", ")) {
                names.add(parameter.substring(0, parameter.indexOf(':')));
            }
        }
        return new KernelSignature(kernel, List.copyOf(names));
    }

    /** @throws IllegalArgumentException if a call with so many arguments is none of this kernel */
    void requireArguments(int count) {
        if (count != parameters.size()) {
            throw new IllegalArgumentException("kernel " + kernel + ": received " + count + " arguments, expected "
                    + parameters.size() + ": " + String.join(", ", parameters));
        }
    }

    /** @throws IllegalStateException if the kernel's parameters have other names, or another order */
    void requireParameters(List<String> expected) {
        if (!parameters.equals(expected)) {
            throw new IllegalStateException(
                    "kernel " + kernel + ": takes " + parameters + ", but is called with " + expected);
        }
    }
}
