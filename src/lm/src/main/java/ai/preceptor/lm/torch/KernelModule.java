package ai.preceptor.lm.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The functions of a TorchScript module, with an observer of its own. */
class KernelModule {
    private final KernelScript script;
    private final Map<String, Kernel> byName = new TreeMap<>();
    private volatile @Nullable Consumer<String> observer;

    KernelModule(KernelScript script) {
        this.script = script;
        script.parameters().forEach((name, own) -> byName.put(name, new Kernel(this, name, own)));
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
            return IValueUtils.runMethod(script.module(), name, values);
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
}
