package ai.preceptor.app.command;

import ai.preceptor.Preceptor;
import ai.preceptor.app.keys.PolicyConfig;
import ai.preceptor.app.keys.ScorerKeys;
import ai.preceptor.data.Answer;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.config.DecoderConfig;
import java.util.List;

/**
 * A scorer under the name of the key that chose it, by which its metrics are found again wherever the model lies.
 *
 * @param name in metrics
 * @param scorer closed with this
 */
record PolicyScorer(String name, Scorer scorer) implements Scorer {
    /** What the keys ask for. */
    static Scorer of(PolicyConfig keys, Preceptor preceptor) {
        ScorerKeys chosen = keys.scorer();
        LoadOptions frozen = keys.student().frozen();
        if (chosen.rewardModel() != null) {
            if (!DecoderConfig.read(chosen.rewardModel()).architecture().reward()) {
                throw new ConfigurationException("reward_model: " + chosen.rewardModel()
                        + " is a language model, expected a reward model; one that scores by likelihood is a teacher");
            }
            return new PolicyScorer("reward_model", preceptor.scorer(chosen.rewardModel(), frozen));
        }
        if (chosen.teacher() != null) {
            return new PolicyScorer("teacher", preceptor.scorer(chosen.teacher(), frozen));
        }
        if (chosen.rule() == null) {
            throw new ConfigurationException("reward_model: expected it, a teacher or a rule; found none");
        }
        return chosen.rule().scorer();
    }

    @Override
    public List<Score> score(List<Answer> answers) {
        return scorer.score(answers);
    }

    @Override
    public void close() {
        scorer.close();
    }
}
