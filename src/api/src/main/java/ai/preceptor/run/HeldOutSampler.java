package ai.preceptor.run;

import ai.preceptor.data.Completion;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.Trajectory;
import ai.preceptor.data.files.Sha256;
import ai.preceptor.lm.engine.Generator;
import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.policy.HeldOutEvaluation;
import ai.preceptor.policy.HeldOutKl;
import ai.preceptor.policy.evaluation.HeldOutAnswers;
import ai.preceptor.policy.evaluation.HeldOutPrompts;
import ai.preceptor.rollout.RolloutSettings;
import ai.preceptor.rollout.message.EncodedPrompt;
import ai.preceptor.teacher.Scores;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.TrainConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers held-out prompts with a student's weights of now, on the thread that calls. Each prompt has a seed of its own that
 * depends on its place only, so measurements differ by the weights alone, and training draws what it would draw without them.
 *
 * <p>If the scorer fails, the answers to the prompt are unscored, with the reason: a measurement must not end a run.
 */
public final class HeldOutSampler implements HeldOutAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(HeldOutSampler.class);

    private static final int CHECKSUM_DIGITS = 16;

    private final List<EncodedPrompt> prompts;
    private final Generator generator;
    private final SamplingOptions sampling;
    private final Scorer scorer;
    private final int samples;
    private final int together;
    private final String checksum;

    /**
     * @param student stays its owner's
     * @param prompts those that fit, 1 or more
     * @param sampling how tokens are drawn; its seed is the base of the prompts' seeds
     * @param scorer stays its owner's; must stand calls of this thread beside those of others
     * @param samples answers to each prompt, 1 or more
     * @param together prompts that are answered together, 1 or more
     */
    public HeldOutSampler(
            LoadedModel student,
            List<Prompt> prompts,
            SamplingOptions sampling,
            Scorer scorer,
            int samples,
            int together) {
        List<EncodedPrompt> encoded = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            encoded.add(new EncodedPrompt(i, prompts.get(i), student.encoder().prompt(prompts.get(i))));
        }
        this.prompts = encoded;
        Sha256 digest = new Sha256();
        encoded.forEach(prompt -> digest.add(prompt.ids()));
        this.checksum = digest.hex().substring(0, CHECKSUM_DIGITS);
        this.generator = student.generator();
        this.sampling = sampling;
        this.scorer = scorer;
        this.samples = samples;
        this.together = together;
    }

    /**
     * The measurement of a run, whose answers are drawn and scored as the run's own; null where nothing is measured.
     *
     * @param asked on what; null for nothing
     * @param run how it samples
     * @param room for a prompt
     * @param kl to the frozen reference; null if none is kept
     * @param loop who may ask for a stop
     * @throws DataException naming {@code eval_data} when no prompt fits, or a longer one is refused
     */
    public static @Nullable HeldOutEvaluation evaluation(
            @Nullable HeldOutPrompts asked,
            RolloutSpec run,
            PromptRoom room,
            @Nullable HeldOutKl kl,
            LoopSetting loop) {
        if (asked == null) {
            return null;
        }
        TrainConfig config = run.config();
        PolicyPrompts prompts = measured(asked, run, room);
        if (prompts.dropped() > 0) {
            LOG.warn(
                    "{} of {} held-out prompts left out: too long",
                    prompts.dropped(),
                    asked.prompts().size());
        }
        HeldOutSampler answers = new HeldOutSampler(
                run.student(),
                prompts.fitting(),
                run.sampling().withSeed(EncodedPrompt.mix(config.seed())),
                run.scorer(),
                asked.settings().generations(run.plan().samplesPerPrompt()),
                run.plan().promptsPerStep());
        return new HeldOutEvaluation(asked.settings(), answers, run.scorer().name(), kl, loop.interrupt());
    }

    /** Those that fit; what is wrong is told by the key, since the run's own prompts are measured in the same words. */
    private static PolicyPrompts measured(HeldOutPrompts asked, RolloutSpec run, PromptRoom room) {
        try {
            return PolicyPrompts.measure(
                    asked.prompts(), run.student().encoder(), room, run.config().overLength());
        } catch (DataException e) {
            throw new DataException("eval_data: " + e.getMessage(), e);
        }
    }

    /**
     * A scorer for the actors and the learner's thread.
     *
     * @param asked whether that thread calls it too: for held-out or greedy answers
     */
    public static Scorer shared(Scorer scorer, boolean asked, RolloutSettings rollouts) {
        return !asked || rollouts.scorerInstances() > 1 ? scorer : new ExclusiveScorer(scorer);
    }

    @Override
    public int prompts() {
        return prompts.size();
    }

    @Override
    public int samples() {
        return samples;
    }

    @Override
    public String checksum() {
        return checksum;
    }

    @Override
    public int together() {
        return together;
    }

    @Override
    public List<Trajectory> answers(int from, int to) {
        List<GenerationRequest> requests = prompts.subList(from, to).stream()
                .map(prompt -> new GenerationRequest(
                                prompt.ids(), samples, sampling.withSeed(prompt.seed(sampling.seed())))
                        .withSupports()
                        .of(prompt.prompt()))
                .toList();
        List<List<Completion>> drawn = generator.generate(requests);
        List<Trajectory> answers = new ArrayList<>();
        for (int i = 0; i < drawn.size(); i++) {
            EncodedPrompt prompt = prompts.get(from + i);
            List<Trajectory> group = new ArrayList<>();
            for (Completion completion : drawn.get(i)) {
                group.add(new Trajectory(
                        prompt.prompt(), prompt.ids(), completion, from + i, 0, Score.unscored("not yet")));
            }
            List<Score> scores = scored(group);
            for (int k = 0; k < group.size(); k++) {
                answers.add(group.get(k).withScore(scores.get(k)));
            }
        }
        return answers;
    }

    private List<Score> scored(List<Trajectory> group) {
        try {
            return Scores.of(scorer, group.stream().map(Trajectory::answer).toList());
        } catch (RuntimeException e) {
            LOG.warn(
                    "evaluation: the answers to prompt {} are unscored",
                    group.get(0).group(),
                    e);
            return Collections.nCopies(group.size(), Score.unscored(scorer.name() + " failed: " + e.getMessage()));
        }
    }
}
