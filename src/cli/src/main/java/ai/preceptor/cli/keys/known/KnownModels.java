package ai.preceptor.cli.keys.known;

import ai.preceptor.data.DataException;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.lm.generate.SamplingSettings;
import ai.preceptor.lm.weights.ModelSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.OptionalInt;

/** Models that are there, or that an earlier stage trains from one that is there. */
public final class KnownModels {
    private static final String MAX_NEW_TOKENS = "max_new_tokens";
    /** An answer may be as long as this without being asked for. */
    private static final int USUAL = SamplingSettings.builder().build().maxNewTokens();

    private KnownModels() {}

    /**
     * Refuses an answer that leaves no room for a prompt in the model's context.
     *
     * @param key of {@code answer}
     * @param maxLength most tokens of a prompt with its answer
     */
    public static void checkAnswer(Path model, String key, int answer, int maxLength, Checks checks) {
        if (answer < maxLength) { // else max_length is refused
            checkAnswer(model, key, answer, checks);
        }
    }

    /**
     * Refuses an answer that leaves no room for a prompt in the context of one of the models that write it. The default of
     * {@code max_new_tokens} is not refused: it stands for what the context leaves.
     */
    public static void checkAnswers(Collection<Path> models, SamplingSettings sampling, Checks checks) {
        checkAnswers(models, sampling.maxNewTokens(), USUAL, checks);
    }

    /** The same with another default. */
    public static void checkAnswers(Collection<Path> models, int answer, int usual, Checks checks) {
        if (answer != usual) {
            models.forEach(model -> checkAnswer(model, MAX_NEW_TOKENS, answer, checks));
        }
    }

    /** The same for a single model, whatever the length is. */
    public static void checkAnswer(Path model, String key, int answer, Checks checks) {
        OptionalInt context = context(checks.startOf(model));
        if (context.isPresent() && answer >= context.getAsInt()) {
            checks.refuse(
                    key,
                    "expected less than the model's context of " + context.getAsInt()
                            + " tokens, which prompts need some of, found " + answer);
        }
    }

    private static OptionalInt context(Path model) {
        if (!Files.exists(model)) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(
                    DecoderConfig.read(ModelSource.of(model).base()).maxPositionEmbeddings());
        } catch (DataException toldByTheCommand) {
            return OptionalInt.empty();
        }
    }
}
