package ai.preceptor.lm.engine.timing;

/**
 * What a decode step of a model takes on a machine.
 *
 * @param rows of the step
 * @param javaMillis in Java
 * @param libtorchMillis by libtorch
 */
public record StepTimes(int rows, double javaMillis, double libtorchMillis) {
    /** Libtorch's time over Java's that is enough to prefer Java: two measurements of the same differ by less. */
    static final double WORTH_IT = 1.05;

    /** Whether Java is faster by more than measurements differ. */
    boolean prefersJava() {
        return libtorchMillis >= WORTH_IT * javaMillis;
    }
}
