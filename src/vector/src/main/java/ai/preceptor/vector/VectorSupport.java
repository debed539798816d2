package ai.preceptor.vector;

import java.lang.module.ModuleFinder;
import java.util.Optional;

/** Whether this Java machine can run the package's code well. Usable where the module is absent. */
public final class VectorSupport {
    /** Least bits of a vector for which it is worth while. */
    public static final int LEAST_BITS = 256;

    private static final String MODULE = "jdk.incubator.vector";

    private VectorSupport() {}

    /** Why it cannot, in words; empty if it can. */
    public static Optional<String> whyNot() {
        if (ModuleFinder.ofSystem().find(MODULE).isEmpty()) {
            return Optional.of("this Java has no module " + MODULE);
        }
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            return Optional.of("Java was started without --add-modules " + MODULE);
        }
        String mode = System.getProperty("java.vm.info", ""); // "mixed mode, emulated-client" with C1 alone
        if (mode.contains("interpreted") || mode.contains("client")) {
            return Optional.of("Java compiles no code for speed (C2 is absent)");
        }
        int bits = bits();
        return bits < LEAST_BITS ? Optional.of("vectors have " + bits + " bits, fewer than 256") : Optional.empty();
    }

    /** Bits of this machine's vectors. Needs the module. */
    public static int bits() {
        return Float.SIZE * Lanes.COUNT;
    }
}
