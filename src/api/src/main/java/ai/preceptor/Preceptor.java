package ai.preceptor;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Scorer;
import ai.preceptor.hub.Hub;
import ai.preceptor.hub.ModelName;
import ai.preceptor.hub.RepoKind;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.RewardBackbone.HeadInit;
import ai.preceptor.lm.RewardBackbone.NewHeads;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.ModelSource;
import ai.preceptor.process.ProcessRewardModel;
import ai.preceptor.reward.process.StepAggregation;
import ai.preceptor.run.LoadedModel;
import ai.preceptor.run.LocalChat;
import ai.preceptor.run.LocalPerplexity;
import ai.preceptor.run.LocalTeacher;
import ai.preceptor.teacher.chat.ChatModel;
import ai.preceptor.teacher.ledger.CallLedger;
import java.nio.file.Path;
import java.util.List;

/**
 * A device and the models on it. Close the models before it. One thread uses it at a time; another one that is to take
 * over calls {@link #bindThread} first.
 */
public final class Preceptor implements AutoCloseable {
    private final Torch torch;

    private Preceptor(Torch torch) {
        this.torch = torch;
    }

    /** Opens CUDA if there is any, else the processor with all of its cores. */
    public static Preceptor open() {
        return open("auto", 0);
    }

    /**
     * Opens a device.
     *
     * @param device {@code auto}, {@code cpu} or {@code cuda:N}
     * @param threads threads for one operation, 0 for all cores
     * @throws ConfigurationException when the device is not there
     */
    public static Preceptor open(String device, int threads) {
        return new Preceptor(Torch.open(device, threads));
    }

    /**
     * Loads a language model to train it, in float32.
     *
     * @param directory in Hugging Face's layout
     * @throws ai.preceptor.data.DataException when a file is missing, truncated, or not what the configuration says
     */
    public Student student(Path directory) {
        return student(directory, LoadOptions.TRAINED);
    }

    /**
     * Loads a language model to train it, in float32.
     *
     * @param model a directory in Hugging Face's layout, or a name on the Hub: {@code org/name} or {@code org/name@revision}. It is
     *     taken from the Hugging Face cache, or downloaded to it; the environment says where it is, and whether anything may be
     *     downloaded ({@link Hub#system})
     * @throws ConfigurationException if it is neither, or the Hub has nothing of that name that can be used
     * @throws ai.preceptor.data.DataException as {@link #student(Path)}
     */
    public Student student(String model) {
        return student(Hub.system().resolve(RepoKind.MODEL, model));
    }

    /** Loads a language model from a directory or by its name on the Hub, as {@link #student(String)}. */
    public Student student(String model, LoadOptions options) {
        return student(Hub.system().resolve(RepoKind.MODEL, model), options);
    }

    /** Loads a language model; one that is not trainable needs a third of the memory. */
    public Student student(Path directory, LoadOptions options) {
        return student(directory, options, Boundary.REFUSE);
    }

    /**
     * Loads a language model.
     *
     * @param directory in Hugging Face's layout
     * @param boundary what is done where a prompt's tokens are not the first of prompt and completion together: the row is
     *     refused, or the boundary moves to where they part, as in TRL
     */
    public Student student(Path directory, LoadOptions options, Boundary boundary) {
        return new Student(LoadedModel.load(torch, directory, options, boundary));
    }

    /**
     * Loads a reward model, or a language model that becomes one: its vocabulary head is replaced by a scalar one that
     * starts at 0.
     *
     * @param directory in Hugging Face's layout
     * @throws ai.preceptor.data.DataException when a file is missing, truncated, or not what the configuration says
     */
    public RewardModel rewardModel(Path directory) {
        return rewardModel(directory, LoadOptions.TRAINED, HeadInit.ZEROS, 0);
    }

    /** Loads it as {@link #rewardModel(Path)}, from a directory or by its name on the Hub, as {@link #student(String)}. */
    public RewardModel rewardModel(String model) {
        return rewardModel(Hub.system().resolve(RepoKind.MODEL, model));
    }

    /**
     * Loads a reward model.
     *
     * @param init how a head that the directory does not have starts
     * @param seed for {@link HeadInit#NORMAL}
     */
    public RewardModel rewardModel(Path directory, LoadOptions options, HeadInit init, long seed) {
        return rewardModel(directory, options, new NewHeads(1, init, seed));
    }

    /**
     * Loads a reward model.
     *
     * @param heads what a directory without a head gets; several are an ensemble on one trunk
     */
    public RewardModel rewardModel(Path directory, LoadOptions options, NewHeads heads) {
        return RewardModel.load(torch, directory, options, heads);
    }

    /**
     * Loads a scorer from a directory: a reward model scores by its reward, a process reward model by its steps, a language
     * model by the mean log-probability
     * it gives an answer's tokens.
     *
     * @param directory in Hugging Face's layout
     * @param options frozen, usually
     */
    public Scorer scorer(Path directory, LoadOptions options) {
        return scorer(directory, options, RewardReading.PLAIN);
    }

    /**
     * The same with a reward model's rewards read as {@code reading} says; a language model's scores are as they are.
     *
     * @throws ai.preceptor.data.ConfigurationException if rewards are to be normalized and cannot be
     */
    public Scorer scorer(Path directory, LoadOptions options, RewardReading reading) {
        if (!ModelSource.of(directory).reward()) {
            return new LocalTeacher(LoadedModel.load(torch, directory, options, Boundary.REFUSE));
        }
        if (ModelSource.of(directory).process()) {
            reading.requireForSteps(directory);
            return ProcessRewardModel.load(torch, directory, options, reading.stepAggregation());
        }
        RewardModel model = rewardModel(directory, options, HeadInit.ZEROS, 0);
        if (reading.isPlain()) {
            return model;
        }
        try {
            return new RewardEnsemble(List.of(model), reading);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /**
     * Loads a language model that tells how probable texts are to it, for curation.
     *
     * @param directory in Hugging Face's layout; not a reward model
     * @param options frozen, usually
     */
    public LocalPerplexity perplexity(Path directory, LoadOptions options) {
        return new LocalPerplexity(LoadedModel.load(torch, directory, options, Boundary.REFUSE));
    }

    /**
     * Loads a language model that is asked in words, to judge or to write.
     *
     * @param directory in Hugging Face's layout
     * @param options frozen, usually
     * @param ledger where its answers are kept, so that equal requests are computed once; stays its owner's to close
     * @throws ConfigurationException if it is a reward model, which has no words
     */
    public ChatModel chatModel(Path directory, LoadOptions options, CallLedger ledger) {
        if (ModelSource.of(directory).reward()) {
            throw new ConfigurationException(
                    "teacher: expected a language model, which can be asked in words, found a reward model in "
                            + directory);
        }
        LoadedModel loaded = LoadedModel.load(torch, directory, options, Boundary.REFUSE);
        try {
            return new LocalChat(ModelName.of(directory), loaded, ledger);
        } catch (RuntimeException e) {
            loaded.close();
            throw e;
        }
    }

    /**
     * Loads a process reward model, or a language model that becomes one: its vocabulary head is replaced by one of two labels.
     *
     * @param options how it is loaded; without adapter
     * @param separator the text after each step; a process reward model keeps its own
     * @param heads how a head that the directory does not have starts, with a count of 1
     * @throws ai.preceptor.data.DataException as {@link #rewardModel(Path)}, and for families without such a class in
     *     transformers
     */
    public ProcessRewardModel processRewardModel(
            Path directory, LoadOptions options, String separator, NewHeads heads) {
        return ProcessRewardModel.load(torch, directory, options, separator, heads, StepAggregation.MIN);
    }

    /** Prepares the calling thread to use the models. */
    public void bindThread() {
        torch.bindThread();
    }

    /** The device itself, for what this class does not offer. */
    public Torch torch() {
        return torch;
    }

    @Override
    public void close() {
        torch.close();
    }
}
