package ai.preceptor.cli.keys.inference;

import ai.preceptor.RewardReading;
import ai.preceptor.cli.keys.ReadingKeys;
import ai.preceptor.cli.keys.ToolUseKeys;
import ai.preceptor.cli.keys.inference.EvalConfig.JudgeKeys;
import ai.preceptor.data.DataException;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.generate.SamplingSettings;
import ai.preceptor.lm.weights.ModelSource;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What an evaluation is of, as far as it says which keys have an effect. A key without one is refused where it is written; at
 * the top of a recipe it is for other stages.
 *
 * @param reward whether of a reward model; empty if that is not known yet
 * @param scored whether a reward model scores students' answers
 * @param pairs whether that one is measured on pairs
 */
public record EvalUse(Optional<Boolean> reward, boolean scored, boolean pairs) {
    private static final List<String> ON_PAIRS = List.of("subset_column", "agreement_teacher");

    static EvalUse of(EvalConfig keys, Checks checks) {
        return new EvalUse(
                isReward(
                        keys.model(),
                        model -> checks.startOf(model).equals(model)
                                ? isReward(model)
                                : Optional.of(checks.isRewardModel(model))),
                keys.judges().rewardModel() != null,
                keys.judges().pairs() != null);
    }

    /**
     * As it is written.
     *
     * @param texts what is written for a key; empty if nothing is
     * @param trained whether a text is a reward model that a stage trains; empty for one that is no reference to a stage
     */
    public static EvalUse of(Function<String, List<String>> texts, Function<String, Optional<Boolean>> trained) {
        return new EvalUse(
                isReward(texts.apply("model"), model -> trained.apply(model).or(() -> isReward(model))),
                !texts.apply("reward_model").isEmpty(),
                !texts.apply("pairs").isEmpty());
    }

    private static <M> Optional<Boolean> isReward(List<M> models, Function<M, Optional<Boolean>> one) {
        return models.size() == 1 ? one.apply(models.get(0)) : Optional.of(false); // several are students, or refused
    }

    private static Optional<Boolean> isReward(String text) {
        try {
            return isReward(Path.of(text));
        } catch (InvalidPathException aReference) {
            return Optional.empty();
        }
    }

    private static Optional<Boolean> isReward(Path model) {
        if (!Files.exists(model)) {
            return Optional.empty();
        }
        try {
            return Optional.of(ModelSource.of(model).reward());
        } catch (DataException toldByTheCommand) {
            return Optional.empty();
        }
    }

    /** The keys without effect, and what each has one with. */
    public Map<String, String> unused() {
        Map<String, String> unused = new LinkedHashMap<>();
        if (reward.isEmpty()) {
            return unused;
        }
        if (reward.get()) {
            List<String> keys = new ArrayList<>(DefaultSettings.keys(JudgeKeys.class));
            keys.removeAll(DefaultSettings.keys(RewardReading.class));
            keys.removeAll(ON_PAIRS);
            keys.addAll(DefaultSettings.keys(ToolUseKeys.class));
            keys.addAll(DefaultSettings.keys(SamplingSettings.class));
            keys.addAll(DefaultSettings.keys(DecodeSettings.class));
            keys.addAll(List.of("num_generations", "best_of"));
            keys.forEach(key -> unused.put(key, "a student as model"));
            return unused;
        }
        if (!pairs) {
            ON_PAIRS.forEach(key -> unused.put(key, "pairs"));
        }
        unused.putAll(ReadingKeys.unused(scored));
        return unused;
    }
}
