package ai.preceptor.lm.engine.vector;

/** Java's own memory, beside libtorch's. */
public final class JavaHeap {
    /** Bytes from which on giving back is worth a collection: 64 MiB. */
    private static final long LEAST = 1L << 26;

    private JavaHeap() {}

    /**
     * Gives memory of what is no longer referred to back to the system. Java alone would do so when its heap is full, but what is computed
     * after sampling, such as a training step, takes its memory outside of the heap.
     *
     * @param freed bytes that there are to give back; of a few nothing happens
     */
    public static void shrink(long freed) {
        if (isLarge(freed)) {
            System.gc();
        }
    }

    /** Whether so many bytes are worth the time that giving them back takes. */
    public static boolean isLarge(long bytes) {
        return bytes >= LEAST;
    }
}
