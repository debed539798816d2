package ai.preceptor.policy.critic;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.formats.config.AdapterConfig;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.config.LoraConfig;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.RewardBackbone;
import ai.preceptor.lm.RewardBackbone.HeadInit;
import ai.preceptor.lm.weights.ModelSource;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Loads a critic from a model directory. It is trained as the student is: an adapter where the student trains one (unless
 * the directory holds an adapter, which is then trained on), else all weights, in the student's precision.
 *
 * @param directory a language or reward model; null for the student's own
 * @param key names the directory in errors
 * @param newHead whether the head starts at 0, so that all values do, even if the directory has one
 */
public record ValueModelSource(@Nullable Path directory, String key, boolean newHead) implements CriticSource {
    /** The key of a directory that is given for the critic alone. */
    private static final String VALUE_MODEL = "value_model";

    /** From a directory; a reward model keeps its head. Null for the student's own. */
    public static ValueModelSource of(@Nullable Path valueModel) {
        return new ValueModelSource(valueModel, VALUE_MODEL, false);
    }

    /** From what a reward model reads; its head, whose offset and scale are arbitrary, starts anew. */
    public static ValueModelSource trunkOf(Path rewardModel) {
        return new ValueModelSource(rewardModel, "reward_model", true);
    }

    /**
     * Refuses a model that cannot be the student's critic, before either loads.
     *
     * @param student its directory
     * @throws ConfigurationException if the vocabularies differ in size, or the model has several heads or labels
     */
    public void requireFits(Path student) {
        if (directory == null) {
            return;
        }
        DecoderConfig mine = DecoderConfig.read(ModelSource.of(student).base());
        DecoderConfig critics = DecoderConfig.read(ModelSource.of(directory).base());
        if (critics.vocabSize() != mine.vocabSize()) {
            throw new ConfigurationException(key + ": " + directory + " has a vocabulary of " + critics.vocabSize()
                    + " tokens, expected the student's " + mine.vocabSize()
                    + ": a critic reads the student's tokens. Give another " + VALUE_MODEL);
        }
        if (critics.architecture().reward() && critics.rewardHeads() != 1) {
            throw new ConfigurationException(key + ": " + directory + " has " + critics.rewardHeads()
                    + " heads, expected 1: a critic gives a token one value. Give another " + VALUE_MODEL);
        }
    }

    @Override
    public Critic open(Beside student) {
        requireFits(student.directory());
        requireContext(student);
        Path from = directory == null ? student.directory() : directory;
        LoadOptions options = options(student);
        RewardBackbone model = RewardBackbone.load(student.torch(), from, options, HeadInit.ZEROS, 0);
        try {
            if (model.heads() != 1) { // of an adapter's directory
                throw new ConfigurationException(key + ": " + from + " has " + model.heads()
                        + " heads, expected 1: a critic gives a token one value");
            }
            if (newHead) {
                model.resetHead();
            }
            return new ValueModel(model, options.files(from), student.training());
        } catch (RuntimeException refused) {
            model.close();
            throw refused;
        }
    }

    private void requireContext(Beside student) {
        int needed = Math.min(context(student.directory()), student.training().maxLength());
        if (directory != null && context(directory) < needed) {
            throw new ConfigurationException(key + ": " + directory + " has a context of " + context(directory)
                    + " tokens, expected " + needed
                    + " or more, the smaller of max_length and the student's context. Give another " + VALUE_MODEL);
        }
    }

    private static int context(Path model) {
        return DecoderConfig.read(ModelSource.of(model).base()).maxPositionEmbeddings();
    }

    private LoadOptions options(Beside student) {
        LoadOptions its = student.options();
        if (directory == null) {
            return its;
        }
        boolean adapter = ModelSource.of(directory).adapter() != null;
        LoraConfig lora = adapter ? null : lora(ModelSource.of(student.directory(), its.adapter()), its);
        LoadOptions own = new LoadOptions(its.precision(), true, lora, null, its.checkpointing(), its.seed());
        return adapter || lora != null ? own : own.withForward(its.forward());
    }

    /** The student's adapter, new or read; null where all of its weights are trained. */
    private static @Nullable LoraConfig lora(ModelSource student, LoadOptions its) {
        if (its.lora() != null || student.adapter() == null) {
            return its.lora();
        }
        return AdapterConfig.read(student.adapter()).lora();
    }
}
