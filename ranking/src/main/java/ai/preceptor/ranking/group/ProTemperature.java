package ai.preceptor.ranking.group;

/** The temperature of a contrast of two answers in {@link ProLoss}. */
public enum ProTemperature {
    /** Nothing: every contrast counts the same, which is the Plackett-Luce likelihood of the order. */
    NONE,
    /** The difference of the teacher's scores: answers that are far apart are pushed apart harder. */
    REWARD;

    /** The inverse temperature {@code 1 / T} of a contrast between two of the teacher's scores, above 0. */
    double sharpness(double better, double worse) {
        return this == NONE ? 1 : better - worse;
    }
}
