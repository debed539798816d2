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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Functions written in TorchScript. They live in text resources beside this class and are packed into one TorchScript module
 * in memory, so every ATen operator is one call away without a compiler or Python. An interface for each area has them as
 * methods ({@link KernelMethods}), which are compared with the functions when they are loaded.
 *
 * <p>Calls run in PyTorch's inference mode: no graph is ever recorded. A kernel may write into tensors it is given when
 * its name or comment says so.
 */
public final class Kernels implements AutoCloseable {
    private final PtSymbolBlock module;
    private final Map<String, Kernel> byName = new TreeMap<>();
    private final TensorKernels tensors;
    private final DecoderKernels decoder;
    private final HeadKernels head;
    private final DivergenceKernels divergence;
    private final OptimizerKernels optimizer;
    private final DecodeKernels decode;
    private volatile @Nullable Consumer<String> observer;

    private Kernels(PtSymbolBlock module, Map<String, List<String>> parameters) {
        this.module = module;
        parameters.forEach((name, own) -> byName.put(name, new Kernel(this, name, own)));
        this.tensors = KernelMethods.of(TensorKernels.class, this);
        this.decoder = KernelMethods.of(DecoderKernels.class, this);
        this.head = KernelMethods.of(HeadKernels.class, this);
        this.divergence = KernelMethods.of(DivergenceKernels.class, this);
        this.optimizer = KernelMethods.of(OptimizerKernels.class, this);
        this.decode = KernelMethods.of(DecodeKernels.class, this);
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
                    JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false), source.parameters());
        } catch (IOException e) {
            throw new UncheckedIOException("kernels could not be loaded", e);
        }
    }

    /** Copies, views and conversions. */
    public TensorKernels tensors() {
        return tensors;
    }

    /** Training's passes through a decoder. */
    public DecoderKernels decoder() {
        return decoder;
    }

    /** Heads over the vocabulary, and scalar ones. */
    public HeadKernels head() {
        return head;
    }

    /** Comparisons of whole distributions. */
    public DivergenceKernels divergence() {
        return divergence;
    }

    /** Updates of weights. */
    public OptimizerKernels optimizer() {
        return optimizer;
    }

    /** Generation. */
    public DecodeKernels decode() {
        return decode;
    }

    /** @throws IllegalArgumentException if there is none of this name */
    Kernel find(String name) {
        Kernel found = byName.get(name);
        if (found == null) {
            throw new IllegalArgumentException("kernel " + name + ": expected one of " + byName.keySet());
        }
        return found;
    }

    /**
     * Observes every call before it is made, on the calling thread; what the observer throws, the call throws.
     *
     * @param told receives the kernel's name; null for no observer
     */
    void observe(@Nullable Consumer<String> told) {
        observer = told;
    }

    IValue invoke(String name, Object... arguments) {
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
