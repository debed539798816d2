package ai.preceptor;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.reward.EnsembleReward;
import ai.preceptor.run.AnswerRewards;
import ai.preceptor.run.RewardScale;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * Reward models as one scorer: several models, or one with several heads on the same trunk, whose rewards are the members
 * of an ensemble; or just one, to be read normalized.
 */
public final class RewardEnsemble implements Scorer {
    private final List<RewardModel> models;
    private final RewardReading reading;

    /**
     * An ensemble.
     *
     * @param models at least one; closed with this
     * @param reading how their rewards are read
     * @throws ai.preceptor.data.ConfigurationException if they are to be changed by statistics that one does not have
     */
    public RewardEnsemble(List<RewardModel> models, RewardReading reading) {
        if (models.isEmpty()) {
            throw new IllegalArgumentException("models: none, must be at least one");
        }
        this.models = List.copyOf(models);
        this.reading = reading;
        models.forEach(model -> model.scale(reading));
    }

    @Override
    public String name() {
        return models.size() == 1 ? models.get(0).name() : "ensemble of " + models.size() + " reward models";
    }

    /** The lower confidence bounds; an answer that one model gives no reward is unscored. */
    @Override
    public List<Score> score(List<Answer> answers) {
        List<Score> scores = new ArrayList<>();
        for (@Nullable EnsembleReward reward : estimates(answers)) {
            scores.add(
                    reward == null
                            ? Score.unscored("a reward model of the ensemble gives it no reward")
                            : Score.of(reward.lowerBound(reading.rewardUncertaintyCoef())));
        }
        return scores;
    }

    @Override
    public OptionalLong steps() {
        return OptionalLong.of(
                models.stream().mapToLong(model -> model.steps().orElse(0)).sum());
    }

    /**
     * Means and uncertainties.
     *
     * @return one per answer, same order; null where a model gives no reward
     */
    public List<@Nullable EnsembleReward> estimates(List<Answer> answers) {
        List<double[]> members = new ArrayList<>();
        answers.forEach(answer -> members.add(new double[0]));
        boolean[] missing = new boolean[answers.size()];
        for (RewardModel model : models) {
            List<AnswerRewards> rewards = model.read(answers);
            RewardScale scale = model.scale(reading);
            for (int i = 0; i < rewards.size(); i++) {
                missing[i] |= rewards.get(i).problem() != null;
                Answer answer = answers.get(i);
                double[] own = missing[i]
                        ? rewards.get(i).heads()
                        : scale.read(rewards.get(i).heads(), () -> model.tokens(answer));
                members.set(
                        i,
                        DoubleStream.concat(DoubleStream.of(members.get(i)), DoubleStream.of(own))
                                .toArray());
            }
        }
        List<@Nullable EnsembleReward> estimates = new ArrayList<>();
        for (int i = 0; i < missing.length; i++) {
            estimates.add(missing[i] ? null : EnsembleReward.of(members.get(i)));
        }
        return estimates;
    }

    /**
     * How many tokens an answer has for the first model, end of turn included.
     *
     * @throws ai.preceptor.lm.text.EncodingException if it cannot be encoded
     */
    public int tokens(Answer answer) {
        return models.get(0).tokens(answer);
    }

    @Override
    public void close() {
        models.forEach(RewardModel::close);
    }
}
