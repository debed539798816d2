package ai.preceptor.lm.torch;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import org.jspecify.annotations.Nullable;

/** The C library's heap, which tensors on the processor lie in. */
final class HostHeap {
    private static final @Nullable Function TRIM = find("malloc_trim");

    private HostHeap() {}

    private static @Nullable Function find(String name) {
        try {
            return NativeLibrary.getProcess().getFunction(name);
        } catch (UnsatisfiedLinkError e) {
            return null; // another library than glibc
        }
    }

    /** Gives pages of which nothing is used back to the system, where the library is glibc; elsewhere does nothing. */
    static void trim() {
        if (TRIM != null) {
            TRIM.invokeInt(new Object[] {0L});
        }
    }
}
