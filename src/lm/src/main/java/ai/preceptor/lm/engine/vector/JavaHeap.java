package ai.preceptor.lm.engine.vector;

/** Java's own memory, beside libtorch's. */
public final class JavaHeap {
    /** Bytes from which on shrinking is worth a collection: 128 MiB. */
    private static final long LEAST = 1L << 27;

    private JavaHeap() {}

    /**
     * Gives memory of what is no longer referred to back to the system, where the heap has grown large. Java alone would do so when its
     * heap is full, but what is computed after sampling, such as a training step, takes its memory outside of the heap.
     */
    public static void shrink() {
        if (Runtime.getRuntime().totalMemory() >= LEAST) {
            System.gc();
        }
    }
}
