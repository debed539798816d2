package ai.preceptor.distill;

import java.util.Arrays;

/**
 * A divergence as a pure function of log-probabilities, term by term as its formula has it: the reference that kernels are held
 * to.
 */
@FunctionalInterface
interface DivergenceOracle {

    /**
     * The divergence and its derivative.
     *
     * @param teacher {@code [outcomes]}: log p in nats
     * @param student {@code [outcomes]}: log q in nats
     * @param slope {@code [outcomes]}, overwritten: derivative by each {@code log q}, those taken as independent of each
     *     other. That they sum to 1 is for the caller to add
     * @return in nats, 0 or more
     */
    double evaluate(double[] teacher, double[] student, double[] slope);

    static DivergenceOracle of(Divergence divergence) {
        double parameter = divergence.parameter();
        return switch (divergence.kind()) {
            case FORWARD_KL -> DivergenceOracle::forwardKl;
            case REVERSE_KL -> DivergenceOracle::reverseKl;
            case JSD -> (teacher, student, slope) -> jsd(parameter, teacher, student, slope);
            case SKEW_FORWARD_KL -> (teacher, student, slope) -> skewForwardKl(parameter, teacher, student, slope);
            case SKEW_REVERSE_KL -> (teacher, student, slope) -> skewReverseKl(parameter, teacher, student, slope);
            case TOTAL_VARIATION -> DivergenceOracle::totalVariation;
            case ADAPTIVE_KL ->
                (teacher, student, slope) -> mixed(headShare(parameter, teacher, student), teacher, student, slope);
            case RANK_GAP -> DivergenceOracle::rankGap;
        };
    }

    private static double forwardKl(double[] teacher, double[] student, double[] slope) {
        double value = 0;
        for (int v = 0; v < slope.length; v++) {
            slope[v] = -Math.exp(teacher[v]);
            value += times(teacher[v], teacher[v] - student[v]);
        }
        return value;
    }

    private static double reverseKl(double[] teacher, double[] student, double[] slope) {
        double value = 0;
        for (int v = 0; v < slope.length; v++) {
            double ratio = student[v] - teacher[v];
            slope[v] = times(student[v], ratio + 1);
            value += times(student[v], ratio);
        }
        return value;
    }

    private static double jsd(double beta, double[] teacher, double[] student, double[] slope) {
        double value = 0;
        for (int v = 0; v < slope.length; v++) {
            double mixture = logAdd(teacher[v] + Math.log(beta), student[v] + Math.log1p(-beta));
            slope[v] = (1 - beta) * times(student[v], student[v] - mixture);
            value += beta * times(teacher[v], teacher[v] - mixture) + slope[v];
        }
        return value;
    }

    private static double skewForwardKl(double alpha, double[] teacher, double[] student, double[] slope) {
        double value = 0;
        for (int v = 0; v < slope.length; v++) {
            double mixture = logAdd(teacher[v] + Math.log(alpha), student[v] + Math.log1p(-alpha));
            slope[v] = -times(teacher[v], (1 - alpha) * Math.exp(student[v] - mixture));
            value += times(teacher[v], teacher[v] - mixture);
        }
        return value;
    }

    private static double skewReverseKl(double alpha, double[] teacher, double[] student, double[] slope) {
        double value = 0;
        for (int v = 0; v < slope.length; v++) {
            double mixture = logAdd(teacher[v] + Math.log1p(-alpha), student[v] + Math.log(alpha));
            double part = times(student[v], student[v] - mixture);
            slope[v] = part - alpha * times(student[v], Math.exp(student[v] - mixture));
            value += part;
        }
        return value;
    }

    private static double totalVariation(double[] teacher, double[] student, double[] slope) {
        double value = 0;
        for (int v = 0; v < slope.length; v++) {
            double q = Math.exp(student[v]);
            double gap = q - Math.exp(teacher[v]);
            slope[v] = q * Math.signum(gap) / 2;
            value += Math.abs(gap) / 2;
        }
        return value;
    }

    private static double rankGap(double[] teacher, double[] student, double[] slope) {
        double[] p = Arrays.stream(teacher).map(Math::exp).sorted().toArray();
        Integer[] places = new Integer[student.length];
        Arrays.setAll(places, i -> i);
        Arrays.sort(places, (a, b) -> Double.compare(student[b], student[a]));
        double value = 0;
        for (int rank = 0; rank < Math.max(p.length, places.length); rank++) {
            double theirs = rank < p.length ? p[p.length - 1 - rank] : 0;
            double mine = rank < places.length ? Math.exp(student[places[rank]]) : 0;
            value += Math.abs(theirs - mine);
            if (rank < places.length) {
                slope[places[rank]] = mine * Math.signum(mine - theirs);
            }
        }
        return value;
    }

    /** {@code share KL(p || q) + (1 - share) KL(q || p)}, the share a constant. */
    static double mixed(double share, double[] teacher, double[] student, double[] slope) {
        double[] reverse = new double[slope.length];
        double value = share * forwardKl(teacher, student, slope);
        value += (1 - share) * reverseKl(teacher, student, reverse);
        for (int v = 0; v < slope.length; v++) {
            slope[v] = share * slope[v] + (1 - share) * reverse[v];
        }
        return value;
    }

    /** How much of the disagreement lies in the teacher's head, in [0, 1]. */
    static double headShare(double mu, double[] teacher, double[] student) {
        double[] sorted = teacher.clone();
        Arrays.sort(sorted);
        double floor = Double.NEGATIVE_INFINITY;
        double reached = 0;
        for (int i = sorted.length - 1; i >= 0 && (reached < mu || i == sorted.length - 1); i--) {
            reached += Math.exp(sorted[i]);
            floor = sorted[i];
        }
        double head = 0;
        double all = 0;
        for (int v = 0; v < teacher.length; v++) {
            double gap = Math.abs(Math.exp(teacher[v]) - Math.exp(student[v]));
            head += teacher[v] >= floor ? gap : 0;
            all += gap;
        }
        return all > 0 ? head / all : 0.5;
    }

    /** {@code exp(log p) * x}, 0 where p is 0 whatever {@code x} is. */
    private static double times(double logProbability, double x) {
        return logProbability == Double.NEGATIVE_INFINITY ? 0 : Math.exp(logProbability) * x;
    }

    /** {@code log(exp(a) + exp(b))} without overflow. */
    private static double logAdd(double a, double b) {
        double top = Math.max(a, b);
        return top == Double.NEGATIVE_INFINITY ? top : top + Math.log1p(Math.exp(Math.min(a, b) - top));
    }
}
