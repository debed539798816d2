package ai.preceptor.rollout;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.Trajectory;
import ai.preceptor.rollout.actor.GenerationEngine;
import ai.preceptor.rollout.actor.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.IntStream;

/** What the tests of rollouts share. */
public final class Rollouts {

    /** Fails fast: three retries within a few milliseconds. */
    public static final RetryPolicy QUICK =
            new RetryPolicy(Duration.ofSeconds(20), 2, Duration.ofMillis(1), Duration.ofMillis(4), 100);

    private Rollouts() {}

    public static RolloutPlanBuilder plan() {
        return RolloutPlan.builder()
                .promptsPerStep(4)
                .samplesPerPrompt(3)
                .promptsPerRequest(2)
                .generation(QUICK)
                .scoring(QUICK)
                .learnerDeadline(Duration.ofSeconds(60))
                .grace(Duration.ofSeconds(10))
                .seed(17);
    }

    public static List<Prompt> prompts(int count) {
        return IntStream.range(0, count).mapToObj(i -> Prompt.plain("p" + i)).toList();
    }

    public static int[] ids(Prompt prompt) {
        return prompt.text().asString().chars().toArray();
    }

    /** Prompts 0 to 99 in their order, a scorer that counts characters. */
    public static RolloutSetupBuilder builder(RolloutPlan plan, GenerationEngine engine) {
        return VertxRollouts.builder(plan)
                .prompts(new ListedPrompts(prompts(100), false, 0, 1))
                .encoder(Rollouts::ids)
                .engines(Engines.of(engine))
                .scorers(
                        () -> scorer(answer -> Score.of(answer.text().asString().length())));
    }

    public static Scorer scorer(Function<Answer, Score> rule) {
        return all(answers -> answers.stream().map(rule).toList());
    }

    public static Scorer all(Function<List<Answer>, List<Score>> rule) {
        return new Scorer() {
            @Override
            public String name() {
                return "rule:test";
            }

            @Override
            public List<Score> score(List<Answer> answers) {
                return rule.apply(answers);
            }
        };
    }

    /** What a learner gets that takes {@code prompts} and publishes, {@code steps} times. */
    public static List<List<Trajectory>> learn(VertxRollouts rollouts, int steps, int prompts) {
        List<List<Trajectory>> batches = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            batches.add(rollouts.next(prompts));
            rollouts.publish(step + 1);
        }
        return batches;
    }

    /** Prompts of a batch, one per group. */
    public static List<String> asked(List<Trajectory> batch) {
        return batch.stream()
                .map(one -> one.prompt().text().asString())
                .distinct()
                .toList();
    }

    public static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Waits until something is so, for at most a minute. */
    public static void until(BooleanSupplier so) {
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (!so.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not so after a minute");
            }
            sleep(2);
        }
    }
}
