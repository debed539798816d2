package ai.preceptor.ranking;

/**
 * A loss of two scores.
 *
 * @param loss its value
 * @param chosen derivative by the better answer's score
 * @param rejected derivative by the worse answer's score
 */
record Slopes(double loss, double chosen, double rejected) {
    static final Slopes NONE = new Slopes(0, 0, 0);
}
