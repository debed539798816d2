package ai.preceptor.vector;

import org.junit.jupiter.api.Assumptions;

/** Steps of generation in Java, as tests need them. */
public final class StepsInJava {
    private StepsInJava() {}

    /** Skips a test, with the reason, where Java cannot compute steps. */
    public static void assumePossible() {
        String why = VectorSupport.whyNot().orElse("");
        Assumptions.assumeTrue(why.isEmpty(), () -> "skipped: no steps in Java, because " + why);
    }
}
