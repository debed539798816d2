package ai.preceptor.teacher;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.ScorerException;
import ai.preceptor.data.closing.Closing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Several scorers as one: the weighted sum of their scores, {@code sum of w_k s_k}, {@link Scores#rounded}. Weights are taken as they are, and so
 * are units; a part whose scores spread more counts more. An answer that one part cannot score is unscored, and the
 * reason names the part. Every score says what the parts gave ({@link Score#parts}), by their scorers' names; where two
 * have one name, the second is {@code NAME#2}. Where a part scores tokens, so does the mix.
 *
 * @param name for metrics and reports
 * @param parts at least one; closed with this scorer
 */
public record MixedScorer(String name, List<Part> parts) implements Scorer, JudgeStats.Source {
    /** @throws IllegalArgumentException if there is no part */
    public MixedScorer {
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("parts of " + name + ": 0, must be at least 1");
        }
        parts = List.copyOf(parts);
    }

    @Override
    public List<Score> score(List<Answer> answers) {
        List<List<Score>> columns = new ArrayList<>();
        for (Part part : parts) {
            columns.add(Scores.of(part.scorer(), answers));
        }
        List<String> names = names();
        List<Score> mixed = new ArrayList<>(answers.size());
        for (int i = 0; i < answers.size(); i++) {
            int[] ids = answers.get(i).tokenIds();
            mixed.add(mix(columns, names, i, ids == null || ids.length == 0 ? 0 : ids.length - 1));
        }
        return mixed;
    }

    /** Those of all parts; not known where one does not say. */
    @Override
    public OptionalLong steps() {
        long sum = 0;
        for (Part part : parts) {
            OptionalLong own = part.scorer().steps();
            if (own.isEmpty()) {
                return own;
            }
            sum += own.getAsLong();
        }
        return OptionalLong.of(sum);
    }

    /** Those of all parts that are judges, together. */
    @Override
    public JudgeStats stats() {
        JudgeStats all = JudgeStats.NONE;
        for (Part part : parts) {
            all = part.scorer() instanceof JudgeStats.Source judging ? all.plus(judging.stats()) : all;
        }
        return all;
    }

    /** True if one of the parts is. */
    @Override
    public boolean isRelative() {
        return parts.stream().anyMatch(part -> part.scorer().isRelative());
    }

    /** Of a figure that several parts have, the judges' together or else the first. */
    @Override
    public Map<String, Number> metrics() {
        Map<String, Number> all = new LinkedHashMap<>(stats().toRow());
        parts.forEach(part -> part.scorer().metrics().forEach(all::putIfAbsent));
        return all;
    }

    private Score mix(List<List<Score>> columns, List<String> names, int answer, int last) {
        double sum = 0;
        String problem = null;
        List<Score.Part> given = new ArrayList<>();
        for (int k = 0; k < parts.size(); k++) {
            Score score = columns.get(k).get(answer);
            if (!score.isScored() && problem == null) {
                problem = parts.get(k).scorer().name() + ": " + score.problem();
            }
            sum += parts.get(k).weight() * score.value();
            given.add(new Score.Part(names.get(k), score.value(), parts.get(k).weight()));
        }
        if (problem == null && !Double.isFinite(sum)) {
            problem = name + ": the weighted sum is " + sum;
        }
        Score mixed = problem == null
                ? Score.of(Scores.rounded(sum)).withTokens(tokens(columns, answer, last))
                : Score.unscored(problem);
        return mixed.with(given).with(critique(columns, names, answer));
    }

    /** What the parts wrote, each under its name if there are several. */
    private static String critique(List<List<Score>> columns, List<String> names, int answer) {
        List<String> written = new ArrayList<>();
        for (int k = 0; k < names.size(); k++) {
            String own = columns.get(k).get(answer).critique();
            if (own != null) {
                written.add(names.size() == 1 ? own : names.get(k) + ":\n" + own);
            }
        }
        return String.join("\n\n", written);
    }

    /** Weighted sums at each token where a part scores tokens; a part that does not has its score at the last one. */
    private List<Score.TokenScore> tokens(List<List<Score>> columns, int answer, int last) {
        boolean any = columns.stream()
                .anyMatch(column -> !column.get(answer).tokenScores().isEmpty());
        SortedMap<Integer, Double> sums = new TreeMap<>();
        for (int k = 0; any && k < parts.size(); k++) {
            double weight = parts.get(k).weight();
            Score score = columns.get(k).get(answer);
            List<Score.TokenScore> own = score.tokenScores().isEmpty()
                    ? List.of(new Score.TokenScore(last, score.value()))
                    : score.tokenScores();
            own.forEach(token -> sums.merge(token.token(), weight * token.value(), Double::sum));
        }
        return sums.entrySet().stream()
                .map(sum -> new Score.TokenScore(sum.getKey(), sum.getValue()))
                .toList();
    }

    private List<String> names() {
        return distinct(parts.stream().map(part -> part.scorer().name()).toList());
    }

    /** The names that parts of these scorers have, all different: the second of one name is {@code NAME#2}. */
    public static List<String> distinct(List<String> scorers) {
        List<String> names = new ArrayList<>();
        for (String own : scorers) {
            String free = own;
            for (int number = 2; names.contains(free); number++) {
                free = own + "#" + number;
            }
            names.add(free);
        }
        return names;
    }

    /** Closes all parts, also when closing one of them fails; the first failure is thrown. */
    @Override
    public void close() {
        Closing.all(parts, Part::close);
    }

    /**
     * A scorer and what its scores count.
     *
     * @param scorer whose scores
     * @param weight finite; negative for a scorer whose scores are better when lower
     */
    public record Part(Scorer scorer, double weight) {
        /** @throws IllegalArgumentException if the weight is not finite */
        public Part {
            if (!Double.isFinite(weight)) {
                throw new IllegalArgumentException("weight of " + scorer.name() + ": " + weight + ", must be finite");
            }
        }

        private void close() {
            try {
                scorer.close();
            } catch (RuntimeException e) {
                throw new ScorerException(scorer.name() + ": cannot be closed: " + e, e);
            }
        }
    }
}
