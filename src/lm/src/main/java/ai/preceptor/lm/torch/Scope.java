package ai.preceptor.lm.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Owner of tensors: what is created in a scope, or kept by it, is freed when the scope closes. */
public final class Scope implements AutoCloseable {
    private final PtNDManager manager;
    private final Consumer<Scope> onClose;

    Scope(PtNDManager manager, Consumer<Scope> onClose) {
        this.manager = manager;
        this.onClose = onClose;
    }

    /** A scope inside this one; closed with it at the latest. */
    public Scope sub() {
        return new Scope((PtNDManager) manager.newSubManager(), closed -> {});
    }

    /** int64 {@code [values.length]}. */
    public NDArray longs(long[] values) {
        return manager.create(values);
    }

    /** int64 {@code [values.length]} from ints, the type that PyTorch indexes with. */
    public NDArray indices(int[] values) {
        long[] wide = new long[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return manager.create(wide);
    }

    /** float32 of the given shape, {@code [values.length]} when none is given. */
    public NDArray floats(float[] values, long... shape) {
        return shape.length == 0 ? manager.create(values) : manager.create(values, new Shape(shape));
    }

    /** float64 {@code [values.length]}. */
    public NDArray doubles(double[] values) {
        return manager.create(values);
    }

    /** uint8 of the given shape. */
    public NDArray bytes(byte[] values, long... shape) {
        return manager.create(ByteBuffer.wrap(values), new Shape(shape), DataType.UINT8);
    }

    /** float32 zeros. */
    public NDArray zeros(long... shape) {
        return manager.zeros(new Shape(shape), DataType.FLOAT32);
    }

    /**
     * A tensor over a direct buffer's memory, without a copy: the buffer must outlive it unchanged.
     *
     * @param type FLOAT32, INT64, INT32, UINT8 or BOOLEAN; 16-bit floats come as UINT8 and are viewed in a kernel
     */
    public NDArray wrap(ByteBuffer direct, DataType type, long... shape) {
        return manager.create(direct, new Shape(shape), type);
    }

    /** Takes over a tensor from another scope. */
    public NDArray keep(NDArray tensor) {
        tensor.attach(manager);
        return tensor;
    }

    PtNDManager manager() {
        return manager;
    }

    /** Tensors owned by this scope and those inside it. */
    int size() {
        return manager.getManagedArrays().size();
    }

    @Override
    public void close() {
        onClose.accept(this);
        manager.close();
    }
}
