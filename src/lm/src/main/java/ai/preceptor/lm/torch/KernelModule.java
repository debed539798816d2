package ai.preceptor.lm.torch;

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
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A TorchScript module in memory, with the functions that it was made from. */
class KernelModule implements AutoCloseable {
    private final PtSymbolBlock module;
    private final Map<String, Kernel> byName = new TreeMap<>();
    private volatile @Nullable Consumer<String> observer;

    /** @throws ai.djl.engine.EngineException if PyTorch has no operator that a function calls */
    KernelModule(PtNDManager manager, KernelSource source) {
        try {
            byte[] archive = ScriptArchive.pack(source.code());
            this.module = JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false);
        } catch (IOException e) {
            throw new UncheckedIOException("kernels could not be loaded", e);
        }
        source.parameters().forEach((name, own) -> byName.put(name, new Kernel(this, name, own)));
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
        } else if (argument instanceof String text) {
            return IValue.from(text);
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
