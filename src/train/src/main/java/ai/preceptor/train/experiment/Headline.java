package ai.preceptor.train.experiment;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A metric that tells most of a run.
 *
 * @param name in {@code metrics.jsonl}
 * @param better which of its values is the best
 */
public record Headline(String name, Better better) {
    private static final List<Headline> IMITATION = List.of(
            higher("mean_token_accuracy"), higher("eval_mean_token_accuracy"), lower("eval_loss"), lower("loss"));

    /** By command, the most telling first. The loss of policy optimization is near 0 whatever is learnt. */
    private static final Map<String, List<Headline>> TELLING = telling();

    /** Which value of a metric is its best. */
    public enum Better {
        HIGHER,
        LOWER,
        /** A metric that is not to be as high or as low as possible. */
        NEITHER
    }

    private static Map<String, List<Headline>> telling() {
        Map<String, List<Headline>> telling = new LinkedHashMap<>();
        telling.put(
                "policy",
                List.of(
                        higher("reward"),
                        higher("eval_reward"),
                        neither("objective/kl"),
                        lower("opd/reverse_kl"),
                        neither("completions/mean_length")));
        telling.put("reward", List.of(higher("accuracy"), higher("eval_accuracy"), lower("eval_loss"), lower("loss")));
        telling.put(
                "rank",
                List.of(
                        higher("objective/scores"),
                        neither("objective/kl"),
                        higher("rewards/accuracies"),
                        higher("eval_rewards/accuracies"),
                        neither("rewards/margins"),
                        higher("mean_token_accuracy"),
                        higher("eval_mean_token_accuracy"),
                        lower("eval_loss"),
                        lower("loss")));
        telling.put("distill", IMITATION);
        telling.put("sft", IMITATION);
        return telling;
    }

    private static Headline higher(String name) {
        return new Headline(name, Better.HIGHER);
    }

    private static Headline lower(String name) {
        return new Headline(name, Better.LOWER);
    }

    private static Headline neither(String name) {
        return new Headline(name, Better.NEITHER);
    }

    /**
     * The first few of those that tell most of a command's runs among metrics that there are.
     *
     * @param command any; of one that trains nothing, or is not known, those of all commands
     * @param most how many, at least 1
     */
    public static List<Headline> among(String command, Collection<String> metrics, int most) {
        List<Headline> found = new ArrayList<>();
        List<Headline> telling = TELLING.getOrDefault(command, all().toList());
        for (Headline headline : telling) {
            if (metrics.contains(headline.name()) && found.size() < most && !found.contains(headline)) {
                found.add(headline);
            }
        }
        return found;
    }

    private static Stream<Headline> all() {
        return TELLING.values().stream().flatMap(List::stream);
    }

    /** The metric of that name, which may be any. */
    public static Headline named(String name) {
        return all().filter(headline -> headline.name().equals(name))
                .findFirst()
                .orElse(neither(name));
    }
}
