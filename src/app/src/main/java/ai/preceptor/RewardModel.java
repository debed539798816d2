package ai.preceptor;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.PackedBatch;
import ai.preceptor.lm.RewardBackbone;
import ai.preceptor.lm.RewardBackbone.HeadInit;
import ai.preceptor.lm.files.ModelFiles;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.text.Encoded;
import ai.preceptor.lm.text.Encoder;
import ai.preceptor.lm.text.EncodingException;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.reward.BradleyTerryLoss;
import ai.preceptor.reward.BradleyTerryObjective;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.RewardObjective;
import ai.preceptor.train.RewardObjectivePass;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.TrainSummary;
import ai.preceptor.train.model.OptimizedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model that gives an answer one number, higher for the better; learnt from pairs, and then a scorer. */
public final class RewardModel implements Scorer {
    private static final int SCORED_TOGETHER = 16;

    private final Path directory;
    private final RewardBackbone model;
    private final Tokenizer tokenizer;
    private final Encoder encoder;

    private RewardModel(Path directory, RewardBackbone model, Tokenizer tokenizer) {
        this.directory = directory;
        this.model = model;
        this.tokenizer = tokenizer;
        // A reward is read at the end of the whole text: where the prompt ends in it does not matter.
        this.encoder = Encoder.load(directory, tokenizer, Boundary.MOVE);
    }

    static RewardModel load(Torch torch, Path directory, LoadOptions options, HeadInit init, long seed) {
        Tokenizer tokenizer = Tokenizer.load(directory);
        try {
            return new RewardModel(directory, RewardBackbone.load(torch, directory, options, init, seed), tokenizer);
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    /** Learns from pairs by {@code loss} and keeps nothing but the changed weights. */
    public TrainSummary train(List<Preference> pairs, BradleyTerryLoss loss, TrainConfig config) {
        return train(pairs, loss, config, LoopSetting.inMemory());
    }

    /**
     * Learns from pairs.
     *
     * @param pairs at least one that fits
     * @param setting where metrics, checkpoints and the model go, and who may stop the run
     */
    public TrainSummary train(List<Preference> pairs, BradleyTerryLoss loss, TrainConfig config, LoopSetting setting) {
        return train(pairs, new BradleyTerryObjective(loss), config, setting);
    }

    /**
     * Learns from rows of any kind.
     *
     * @param rows at least one that fits
     * @param objective what is made of their answers' rewards
     * @param setting where metrics, checkpoints and the model go, and who may stop the run
     */
    public <R> TrainSummary train(List<R> rows, RewardObjective<R> objective, TrainConfig config, LoopSetting setting) {
        try (OptimizedModel optimized = OptimizedModel.of(model, new ModelFiles(directory), config)) {
            return new Stage<>(new RewardObjectivePass<>(optimized, encoder, objective), optimized, config)
                    .run(rows, setting);
        }
    }

    /**
     * Rewards of the answers of pairs.
     *
     * @param batchSize pairs that go through the model together, at least 1
     * @return one per pair
     */
    public List<PairRewards> rewards(List<Preference> pairs, int batchSize) {
        List<PairRewards> all = new ArrayList<>();
        for (int from = 0; from < pairs.size(); from += batchSize) {
            List<Preference> some = pairs.subList(from, Math.min(pairs.size(), from + batchSize));
            PackedBatch.Builder builder = PackedBatch.builder();
            for (Preference pair : some) {
                add(builder, encoder.encode(pair.prompt(), List.of(pair.chosen(), pair.rejected())));
            }
            float[] rewards = model.rewards(builder.build());
            for (int i = 0; i < some.size(); i++) {
                all.add(new PairRewards(rewards[2 * i], rewards[2 * i + 1]));
            }
        }
        return all;
    }

    private static void add(PackedBatch.Builder builder, Encoded encoded) {
        builder.prompt(encoded.prompt());
        encoded.completions().forEach(builder::answer);
    }

    @Override
    public String name() {
        return "reward model " + directory;
    }

    /** An answer that cannot be encoded, or is longer than the model's context, is unscored. */
    @Override
    public List<Score> score(List<Answer> answers) {
        List<Score> scores = new ArrayList<>();
        for (int from = 0; from < answers.size(); from += SCORED_TOGETHER) {
            scores.addAll(scoreTogether(answers.subList(from, Math.min(answers.size(), from + SCORED_TOGETHER))));
        }
        return scores;
    }

    private List<Score> scoreTogether(List<Answer> answers) {
        PackedBatch.Builder builder = PackedBatch.builder();
        List<@Nullable Score> scores = new ArrayList<>();
        int packed = 0;
        for (Answer answer : answers) {
            Score problem = pack(answer, builder);
            packed += problem == null ? 1 : 0;
            scores.add(problem);
        }
        float[] rewards = packed == 0 ? new float[0] : model.rewards(builder.build());
        List<Score> all = new ArrayList<>();
        int next = 0;
        for (Score problem : scores) {
            all.add(problem == null ? score(rewards[next++]) : problem);
        }
        return all;
    }

    /** Null when the answer was packed, else why it is unscored. */
    private @Nullable Score pack(Answer answer, PackedBatch.Builder builder) {
        try {
            Encoded encoded = encoder.encode(answer.prompt(), List.of(answer.text()));
            int context = model.config().maxPositionEmbeddings();
            if (encoded.longest() > context) {
                return Score.unscored(encoded.longest() + " tokens are beyond the model's context of " + context);
            }
            add(builder, encoded);
            return null;
        } catch (EncodingException e) {
            return Score.unscored(String.valueOf(e.getMessage()));
        }
    }

    private static Score score(float reward) {
        return Float.isFinite(reward) ? Score.of(reward) : Score.unscored("the reward model gave " + reward);
    }

    /**
     * Writes the model in Hugging Face's layout, tokenizer and chat template included.
     *
     * @param target a new or empty directory, or one with a model, which is replaced as a whole
     * @throws ai.preceptor.data.OutputException when it cannot be written
     */
    public void save(Path target) {
        new ModelTarget(target).write(model::save, new ModelFiles(directory));
    }

    /** The model itself. */
    public RewardBackbone model() {
        return model;
    }

    @Override
    public void close() {
        model.close();
        tokenizer.close();
    }
}
