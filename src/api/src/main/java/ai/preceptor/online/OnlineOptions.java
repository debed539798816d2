package ai.preceptor.online;

import ai.preceptor.data.setting.Refusals;
import ai.preceptor.policy.kl.ReferenceSettings;
import ai.preceptor.ranking.online.OnlineSettings;
import ai.preceptor.rollout.RolloutSettings;

/**
 * How preferences are learnt online; the size of a step and the learning rate are in {@code TrainConfig}. TRL's rate is 5e-7.
 *
 * @param settings how answers are sampled and selected
 * @param rollouts how they are sampled and scored beside learning
 * @param reference the frozen reference, if the loss compares with one
 */
public record OnlineOptions(OnlineSettings settings, RolloutSettings rollouts, ReferenceSettings reference) {
    /** As TRL has it: two answers of at most 64 tokens to each prompt, at temperature 0.9. */
    public static final OnlineOptions STANDARD = new OnlineOptions(
            OnlineSettings.defaults(),
            RolloutSettings.defaults(),
            ReferenceSettings.builder().build());

    /** @throws ai.preceptor.data.ConfigurationException when values are out of their range; the message lists all that are */
    public OnlineOptions {
        Refusals refusals = Refusals.joining(rollouts, reference);
        settings.check(refusals);
        reference.check(refusals);
        refusals.throwIfAny();
    }

    /** The same with other settings. */
    public OnlineOptions with(OnlineSettings others) {
        return new OnlineOptions(others, rollouts, reference);
    }

    /** The same with other rollouts. */
    public OnlineOptions with(RolloutSettings others) {
        return new OnlineOptions(settings, others, reference);
    }

    /** The same with another reference. */
    public OnlineOptions with(ReferenceSettings other) {
        return new OnlineOptions(settings, rollouts, other);
    }
}
