package ai.preceptor.teacher;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Scores answers by letting a judge compare each with every other answer to its prompt: the score is the mean preference
 * for it, 0 to 1, over the comparisons that were decided. Scores of answers to different prompts do not compare. Equal
 * answers get one score; an answer without a decided comparison, or alone, is unscored. {@code n} different answers take
 * {@code n (n - 1) / 2} comparisons.
 *
 * @param judge must not favour a position, see {@link OrderBalancedJudge}; closed with this
 */
public record TournamentScorer(Judge judge) implements Scorer, JudgeStats.Source {
    @Override
    public String name() {
        return judge.name();
    }

    @Override
    public List<Score> score(List<Answer> answers) {
        Map<Prompt, Set<Answer>> byPrompt = new LinkedHashMap<>();
        for (Answer answer : answers) {
            byPrompt.computeIfAbsent(answer.prompt(), prompt -> new LinkedHashSet<>())
                    .add(answer);
        }
        List<Comparison> comparisons = new ArrayList<>();
        byPrompt.forEach((prompt, distinct) -> {
            List<Answer> list = List.copyOf(distinct);
            for (int i = 0; i < list.size(); i++) {
                for (int j = i + 1; j < list.size(); j++) {
                    comparisons.add(new Comparison(
                            prompt, list.get(i).text(), list.get(j).text()));
                }
            }
        });
        Map<Answer, Standing> standings = new LinkedHashMap<>();
        List<Verdict> verdicts = Verdicts.of(judge, comparisons);
        for (int i = 0; i < verdicts.size(); i++) {
            Comparison comparison = comparisons.get(i);
            Verdict verdict = verdicts.get(i);
            standing(standings, comparison.prompt(), comparison.first()).add(verdict);
            standing(standings, comparison.prompt(), comparison.second()).add(verdict.swapped());
        }
        return answers.stream()
                .map(answer ->
                        standing(standings, answer.prompt(), answer.text()).score())
                .toList();
    }

    @Override
    public JudgeStats stats() {
        return judge.stats();
    }

    @Override
    public Map<String, Number> metrics() {
        return stats().toRow();
    }

    @Override
    public boolean isRelative() {
        return true;
    }

    private static Standing standing(Map<Answer, Standing> standings, Prompt prompt, Text text) {
        return standings.computeIfAbsent(new Answer(prompt, text), answer -> new Standing());
    }

    @Override
    public void close() {
        judge.close();
    }

    /** How an answer fares. */
    private static final class Standing {
        private double sum;
        private int decided;
        private String problem = "no other answer to compare it with";
        private final List<String> critiques = new ArrayList<>();

        void add(Verdict verdict) {
            if (verdict.critique() != null) {
                critiques.add(verdict.critique());
            }
            if (verdict.isDecided()) {
                sum += verdict.preference();
                decided++;
            } else {
                problem = String.valueOf(verdict.problem());
            }
        }

        Score score() {
            Score score = decided == 0 ? Score.unscored(problem) : Score.of(Scores.mean(sum, decided));
            return score.with(String.join("\n\n", critiques));
        }
    }
}
