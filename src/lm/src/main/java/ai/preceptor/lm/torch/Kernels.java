package ai.preceptor.lm.torch;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Functions written in TorchScript, callable by name. They live in text resources beside this class and are packed into
 * one TorchScript module in memory, so every ATen operator is one call away without a compiler or Python.
 *
 * <p>Calls run in PyTorch's inference mode: no graph is ever recorded. A kernel may write into tensors it is given when
 * its name or comment says so.
 */
public final class Kernels implements AutoCloseable {
    private final PtSymbolBlock module;
    private final Map<String, KernelSignature> signatures;
    private final LayerKernels layer;
    private final HeadKernels head;
    private volatile @Nullable Consumer<String> observer;

    private Kernels(PtSymbolBlock module, Map<String, KernelSignature> signatures) {
        this.module = module;
        this.signatures = signatures;
        this.layer = new LayerKernels(this);
        this.head = new HeadKernels(this);
    }

    /** PyTorch refuses a module with an operator that it was built without, so what it may lack has a second form. */
    static Kernels load(PtNDManager manager) {
        try {
            return load(manager, "packed");
        } catch (EngineException e) {
            return load(manager, "unpacked");
        }
    }

    /** @param packing the resource that says how matrices are laid out for generation */
    static Kernels load(PtNDManager manager, String packing) {
        try {
            KernelSource source = KernelSource.read(packing);
            byte[] archive = ScriptArchive.pack(source.code());
            return new Kernels(
                    JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false), source.signatures());
        } catch (IOException e) {
            throw new UncheckedIOException("kernels could not be loaded", e);
        }
    }

    /** Those of a decoder's layers. */
    public LayerKernels layer() {
        return layer;
    }

    /** Those of a head over the vocabulary. */
    public HeadKernels head() {
        return head;
    }

    /**
     * Says what a caller gives a kernel.
     *
     * @param parameters names of the first arguments, in order
     * @param more names of the rest
     * @throws IllegalStateException if the kernel takes others, or in another order
     */
    public void require(String name, List<String> parameters, String... more) {
        List<String> all = new ArrayList<>(parameters);
        all.addAll(List.of(more));
        signature(name).requireParameters(all);
    }

    /**
     * What a kernel takes.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    KernelSignature signature(String name) {
        KernelSignature found = signatures.get(name);
        if (found == null) {
            throw new IllegalArgumentException(
                    "kernel " + name + ": expected one of " + new TreeSet<>(signatures.keySet()));
        }
        return found;
    }

    /**
     * Calls a kernel that gives one tensor.
     *
     * @param out owner of the result
     * @param arguments tensors ({@code NDArray}, {@code NDArray[]}), numbers, booleans, {@code long[]}
     *     or {@code double[]}
     */
    public NDArray call(Scope out, String name, Object... arguments) {
        try (IValue result = invoke(name, arguments)) {
            return result.toTensor(out.manager());
        }
    }

    /** Calls a kernel that gives {@code List[Tensor]}. */
    public NDArray[] callMany(Scope out, String name, Object... arguments) {
        try (IValue result = invoke(name, arguments)) {
            return result.toTensorArray(out.manager());
        }
    }

    /** Calls a kernel for its effect on the tensors it is given. */
    public void run(String name, Object... arguments) {
        invoke(name, arguments).close();
    }

    /**
     * Observes every call before it is made, on the calling thread; what the observer throws, the call throws.
     *
     * @param told receives the kernel's name; null for no observer
     */
    void observe(@Nullable Consumer<String> told) {
        observer = told;
    }

    private IValue invoke(String name, Object... arguments) {
        signature(name).requireArguments(arguments.length);
        Consumer<String> told = observer;
        if (told != null) {
            told.accept(name);
        }
        IValue[] values = new IValue[arguments.length];
        try {
            for (int i = 0; i < values.length; i++) {
                values[i] = value(arguments[i]);
            }
            return IValueUtils.runMethod(module, name, values);
        } finally {
            for (IValue value : values) {
                if (value != null) {
                    value.close();
                }
            }
        }
    }

    private static IValue value(Object argument) {
        if (argument instanceof PtNDArray tensor) {
            return IValue.from(tensor);
        } else if (argument instanceof NDArray[] tensors) {
            PtNDArray[] list = new PtNDArray[tensors.length];
            System.arraycopy(tensors, 0, list, 0, list.length);
            return IValue.listFrom(list);
        } else if (argument instanceof Boolean flag) {
            return IValue.from(flag.booleanValue());
        } else if (argument instanceof Double || argument instanceof Float) {
            return IValue.from(((Number) argument).doubleValue());
        } else if (argument instanceof Long || argument instanceof Integer) {
            return IValue.from(((Number) argument).longValue());
        } else if (argument instanceof long[] list) {
            return IValue.listFrom(list);
        } else if (argument instanceof double[] list) {
            return IValue.listFrom(list);
        }
        throw new IllegalArgumentException(
                "kernel argument of type " + argument.getClass().getName());
    }

    @Override
    public void close() {
        module.close();
    }
}
