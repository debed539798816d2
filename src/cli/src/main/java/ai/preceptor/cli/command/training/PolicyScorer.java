package ai.preceptor.cli.command.training;

import ai.preceptor.Preceptor;
import ai.preceptor.RewardEnsemble;
import ai.preceptor.RewardModel;
import ai.preceptor.RewardReading;
import ai.preceptor.cli.command.TeacherRun;
import ai.preceptor.cli.keys.TeacherPanel;
import ai.preceptor.cli.keys.training.ScorerKeys;
import ai.preceptor.data.Answer;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.UnownedScorer;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.RewardBackbone.HeadInit;
import ai.preceptor.lm.weights.ModelSource;
import ai.preceptor.teacher.MixedScorer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A scorer named after the key that chose it, so that its metrics keep their names wherever the model lies.
 *
 * @param name in metrics
 * @param scorer closed with this
 */
record PolicyScorer(String name, Scorer scorer) implements Scorer {
    /**
     * What the keys ask for.
     *
     * @param frozen how models that score are loaded
     * @param asked the teacher that judges in words, if there is one; stays its owner's to close
     */
    static Scorer of(ScorerKeys chosen, LoadOptions frozen, Preceptor preceptor, @Nullable TeacherRun asked) {
        List<Scorer> scorers = new ArrayList<>();
        try {
            if (chosen.rule().isGiven()) {
                scorers.add(chosen.rule().open()); // first, since a user's own may fail: before a model loads
            }
            if (chosen.rewardModel() != null) {
                scorers.add(rewardModel(chosen.rewardModel(), chosen.reading(), preceptor, frozen));
            }
            if (chosen.teacher() != null && (asked == null || chosen.served().isGiven())) {
                scorers.add(new PolicyScorer("teacher", preceptor.scorer(TeacherPanel.one(chosen.teacher()), frozen)));
            }
            if (asked != null) {
                scorers.add(new PolicyScorer("teacher", new UnownedScorer(asked)));
            }
            if (chosen.rule().isGiven()) {
                Collections.rotate(scorers, -1); // in the order of the weights it is the last
            }
            return mixed(scorers, chosen.rewardWeights());
        } catch (RuntimeException e) {
            scorers.forEach(Scorer::close);
            throw e;
        }
    }

    /** Who of these scores in words; a local teacher beside a served one scores by itself. */
    static TeacherRun.Asking asking(ScorerKeys chosen, long seed) {
        TeacherRun.Asking asking = TeacherRun.Asking.of(chosen.teacher(), chosen.served(), chosen.judging(), seed);
        return chosen.served().isGiven() ? asking.servedOnly() : asking;
    }

    private static Scorer rewardModel(
            List<Path> directories, RewardReading reading, Preceptor preceptor, LoadOptions frozen) {
        for (Path directory : directories) {
            if (!ModelSource.of(directory).reward()) {
                throw new ConfigurationException("reward_model: " + directory
                        + " is a language model, expected a reward model; one that scores by likelihood is a teacher");
            }
        }
        List<Path> process = directories.stream()
                .filter(directory -> ModelSource.of(directory).process())
                .toList();
        if (!process.isEmpty()) {
            if (directories.size() > 1) {
                throw new ConfigurationException(
                        "reward_model: expected one process reward model alone, or reward models"
                                + " of whole answers; found " + directories);
            }
            return new PolicyScorer("reward_model", preceptor.scorer(process.get(0), frozen, reading));
        }
        List<RewardModel> models = new ArrayList<>();
        try {
            for (Path directory : directories) {
                models.add(preceptor.rewardModel(directory, frozen, HeadInit.ZEROS, 0));
            }
            return new PolicyScorer("reward_model", new RewardEnsemble(models, reading));
        } catch (RuntimeException e) {
            models.forEach(RewardModel::close);
            throw e;
        }
    }

    private static Scorer mixed(List<Scorer> scorers, @Nullable List<Double> weights) {
        if (weights == null) {
            return scorers.get(0);
        }
        List<MixedScorer.Part> parts = new ArrayList<>();
        for (int i = 0; i < weights.size(); i++) {
            parts.add(new MixedScorer.Part(scorers.get(i), weights.get(i)));
        }
        return new MixedScorer("mix", parts);
    }

    @Override
    public List<Score> score(List<Answer> answers) {
        return scorer.score(answers);
    }

    @Override
    public OptionalLong steps() {
        return scorer.steps();
    }

    @Override
    public Map<String, Number> metrics() {
        return scorer.metrics();
    }

    @Override
    public boolean isRelative() {
        return scorer.isRelative();
    }

    @Override
    public void close() {
        scorer.close();
    }
}
