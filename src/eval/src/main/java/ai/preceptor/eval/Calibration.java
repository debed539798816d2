package ai.preceptor.eval;

import ai.preceptor.eval.ScoredPairs.Pair;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How well a reward model's probabilities match its accuracy. Of a pair it says, by Bradley and Terry, that the answer
 * with the higher reward is preferred with probability {@code sigmoid(|difference|)}, from 0.5 to 1; pairs of a like
 * probability make a bin, and its accuracy should be that probability.
 *
 * <p><b>Source.</b> Guo et al. 2017, On Calibration of Modern Neural Networks, arXiv:1706.04599, eq. 3, over ten bins of
 * equal width on [0.5, 1].
 *
 * @param error expected calibration error in [0, 0.5] or, for a model that is sure and wrong, up to 1: mean over pairs of
 *     the distance of accuracy and probability in the pair's bin
 * @param bins those that have pairs, from unsure to sure
 */
public record Calibration(double error, List<Bin> bins) {
    private static final int BINS = 10;

    /** Copies the list. */
    public Calibration {
        bins = List.copyOf(bins);
    }

    /**
     * Pairs of a like probability.
     *
     * @param probability what the model says, mean of the bin
     * @param accuracy how often it is right; a tie counts half
     */
    public record Bin(double probability, Proportion accuracy) {

        Map<String, Object> toRow() {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("probability", probability);
            row.putAll(AccuracyGroup.figures(accuracy));
            return row;
        }
    }

    /** Of pairs whose scores are rewards: logits of a preference. */
    public static Calibration of(List<Pair> pairs) {
        List<List<Pair>> members = new ArrayList<>();
        for (int i = 0; i < BINS; i++) {
            members.add(new ArrayList<>());
        }
        for (Pair pair : pairs) {
            int bin = (int) ((probability(pair) - 0.5) * 2 * BINS);
            members.get(Math.min(bin, BINS - 1)).add(pair);
        }
        List<Bin> bins = new ArrayList<>();
        double error = 0;
        for (List<Pair> some : members) {
            if (!some.isEmpty()) {
                Bin bin = new Bin(
                        some.stream().mapToDouble(Calibration::probability).sum() / some.size(),
                        ScoredPairs.share(some));
                bins.add(bin);
                error += Math.abs(bin.accuracy().rate() - bin.probability()) * some.size() / pairs.size();
            }
        }
        return new Calibration(error, bins);
    }

    private static double probability(Pair pair) {
        return 1 / (1 + Math.exp(-Math.abs(pair.margin())));
    }
}
