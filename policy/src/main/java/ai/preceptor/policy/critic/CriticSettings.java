package ai.preceptor.policy.critic;

import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyName;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.data.setting.Refusals;
import ai.preceptor.policy.credit.CreditAssignment;
import ai.preceptor.policy.credit.GeneralizedAdvantage;
import ai.preceptor.policy.credit.GeneralizedAdvantageCredit;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The critic of {@code algorithm=ppo} and what is made of its values, a group of {@code PolicySettings}; TRL's names and
 * defaults where it has them. {@code value_learning_rate} and {@code critic_warmup} are verl's.
 *
 * @param gamma discount of later rewards, in [0, 1]
 * @param lam trade of bias (0) against variance (1) of the advantages, in [0, 1]
 * @param valueLambda the same of the critic's targets; null for {@code lam}. VAPO, arXiv:2504.05118, has 1
 * @param cliprangeValue how far a value may move in the steps that learn from one batch, above 0
 * @param valueModel directory of the critic at the start; null for the reward model's trunk, else the student's
 * @param valueLearningRate the critic's peak learning rate, above 0; it has the shape of the policy's over the run
 * @param criticWarmup first optimizer steps that train the critic alone, 0 or more
 * @param whitenRewards whether the rewards of tokens are scaled to deviation 1 over the batch; their mean stays
 * @param numMiniBatches optimizer steps that a batch of answers is cut into, 1 or more
 */
@RecordBuilder
@RecordBuilder.Options(enableWither = false, enableGetters = false)
public record CriticSettings(
        @Key(help = "ppo: discount of later rewards", defaultValue = "1", range = "[0, 1]")
        double gamma,

        @Key(
                help = "ppo: lambda of generalized advantage estimation; 0 trusts the critic, 1 the rewards",
                defaultValue = "0.95",
                range = "[0, 1]")
        double lam,

        @Key(help = "ppo: lambda of the critic's targets", defaultText = "lam", range = "[0, 1]") @Nullable
        Double valueLambda,

        @Key(
                help = "ppo: clipping range of values around the values at sampling",
                defaultValue = "0.2",
                range = "(0, 1e9)")
        double cliprangeValue,

        @Key(
                help = "ppo: initial critic, a language or reward model",
                defaultText = "the trunk of reward_model if it is a single outcome reward model, otherwise the "
                        + "student's, with a zero head",
                path = PathKind.MODEL)
        @Nullable
        Path valueModel,

        @Key(help = "ppo: peak learning rate of the critic", defaultValue = "1e-5", range = "(0, inf)")
        double valueLearningRate,

        @Key(
                help = "ppo: number of initial optimizer steps that train only the critic",
                defaultValue = "0",
                range = "[0, inf)")
        int criticWarmup,

        @Key(
                help = "ppo: scale token rewards to standard deviation 1 over the batch, keeping their mean",
                defaultValue = "false")
        boolean whitenRewards,

        @Key(
                help = "ppo: optimizer steps per epoch over a batch of answers, instead of steps_per_generation",
                defaultValue = "1",
                range = "[1, 65536]")
        int numMiniBatches) {

    /** @throws ai.preceptor.data.ConfigurationException when values are out of their range; the message lists all that are */
    public CriticSettings {
        Refusals.of(
                        CriticSettings.class,
                        gamma,
                        lam,
                        valueLambda,
                        cliprangeValue,
                        valueModel,
                        valueLearningRate,
                        criticWarmup,
                        whitenRewards,
                        numMiniBatches)
                .throwIfAny();
    }

    /** Starts from the defaults. */
    public static CriticSettingsBuilder builder() {
        return CriticSettingsBuilder.builder(new DefaultSettings<>(CriticSettings.class).make());
    }

    /** Refuses, for an algorithm without a critic, every value that is not its default. */
    public void refuseAny(String algorithm, Checks checks) {
        Map<String, @Nullable Object> defaults = values(new DefaultSettings<>(CriticSettings.class).make());
        values(this).forEach((key, value) -> {
            if (!Objects.equals(value, defaults.get(key))) {
                checks.refuse(
                        key,
                        "expected none with algorithm=" + algorithm + ", which has no critic, found "
                                + KeyName.shown(value));
            }
        });
    }

    private static Map<String, @Nullable Object> values(CriticSettings of) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (RecordComponent component : CriticSettings.class.getRecordComponents()) {
            try {
                values.put(KeyName.of(component), component.getAccessor().invoke(of));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("cannot read " + component, e);
            }
        }
        return values;
    }

    /** What makes advantages of scores and values, and returns for the critic. */
    public CreditAssignment credit() {
        return new GeneralizedAdvantageCredit(
                new GeneralizedAdvantage(gamma, lam), valueLambda == null ? lam : valueLambda, whitenRewards);
    }

    /** What is learnt from values. */
    public ValueLoss loss() {
        return new ValueLoss(cliprangeValue);
    }

    /** Where the critic starts, unless a reward model stands in. */
    public ValueModelSource source() {
        return ValueModelSource.of(valueModel);
    }
}
