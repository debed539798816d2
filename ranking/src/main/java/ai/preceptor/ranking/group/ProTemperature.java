package ai.preceptor.ranking.group;

/** By what the contrast of two answers is sharpened in {@link ProLoss}. */
public enum ProTemperature {
    /** Nothing: every contrast counts the same, which is the Plackett-Luce likelihood of the order. */
    NONE {
        @Override
        double sharpness(double better, double worse) {
            return 1;
        }
    },
    /** The difference of the teacher's scores: answers that are far apart are pushed apart harder. */
    REWARD {
        @Override
        double sharpness(double better, double worse) {
            return better - worse;
        }
    };

    /** The inverse temperature {@code 1 / T} of a contrast between two teacher's scores, above 0. */
    abstract double sharpness(double better, double worse);
}
