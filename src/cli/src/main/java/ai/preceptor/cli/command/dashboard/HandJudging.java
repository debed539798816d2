package ai.preceptor.cli.command.dashboard;

import ai.preceptor.PairRewards;
import ai.preceptor.Preceptor;
import ai.preceptor.RewardModel;
import ai.preceptor.cli.keys.dashboard.JudgeKeys;
import ai.preceptor.dashboard.PageRoutes;
import ai.preceptor.dashboard.judge.JudgeInstructions;
import ai.preceptor.dashboard.judge.JudgeRoutes;
import ai.preceptor.dashboard.judge.JudgeSession;
import ai.preceptor.dashboard.judge.RewardMargins;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Preference;
import ai.preceptor.data.rows.Dataset;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.RewardBackbone.HeadInit;
import ai.preceptor.lm.weights.ModelSource;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.train.run.RunStatus;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The page for judging by hand, and the reward model that it compares with. */
final class HandJudging implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HandJudging.class);

    private final @Nullable Preceptor preceptor;
    private final @Nullable RewardModel model;
    private final @Nullable JudgeSession session;

    /**
     * Opens what the keys name; nothing if they name no pairs.
     *
     * @param told gets the count of rows, and a line for each invalid one that is skipped
     * @throws ConfigurationException if the directory for verdicts holds a run
     * @throws DataException if a row is no pair, or the model has no scalar head
     */
    HandJudging(JudgeKeys keys, PrintStream told) {
        if (keys.judge() == null) {
            preceptor = null;
            model = null;
            session = null;
            return;
        }
        Path output = Objects.requireNonNull(keys.output(), "checked by the keys");
        RunStatus.requireCommand(output, "dashboard");
        if (keys.rewardModel() != null
                && !ModelSource.of(keys.rewardModel(), null).reward()) {
            throw new DataException("reward_model: expected a reward model, found " + keys.rewardModel()
                    + ", which has no scalar head");
        }
        Dataset<Preference> pairs = Datasets.preferences(keys.judge(), 0, keys.onBadRow());
        told.println(keys.judge() + ": " + pairs.report().summary());
        pairs.report().skipped().forEach(line -> told.println("  skipped " + line));
        Preceptor opened = null;
        RewardModel loaded = null;
        try {
            if (keys.rewardModel() != null) {
                opened = keys.device().open();
                loaded = opened.rewardModel(
                        keys.rewardModel(), new LoadOptions(Precision.FLOAT32, false), HeadInit.ZEROS, 0);
            }
            session = new JudgeSession(
                    pairs.rows(),
                    output,
                    keys.seed(),
                    opened == null || loaded == null ? null : margins(opened, loaded),
                    InstantSource.system());
        } catch (RuntimeException e) {
            close(loaded, opened);
            throw e;
        }
        preceptor = opened;
        model = loaded;
    }

    private static RewardMargins margins(Preceptor preceptor, RewardModel model) {
        return pair -> {
            preceptor.torch().bindThread();
            try {
                PairRewards rewards = model.rewards(List.of(pair), 1).get(0);
                return rewards.chosen() - rewards.rejected();
            } catch (DataException e) {
                LOG.warn("the reward model cannot read a pair, which is left out: {}", e.getMessage());
                return Double.NaN;
            }
        };
    }

    /** Its page, or one that says how to start it. */
    List<PageRoutes> pages() {
        return List.of(session == null ? new JudgeInstructions() : new JudgeRoutes(session));
    }

    @Override
    public void close() {
        if (session != null) {
            session.close();
        }
        close(model, preceptor);
    }

    private static void close(@Nullable RewardModel model, @Nullable Preceptor preceptor) {
        if (model != null) {
            model.close();
        }
        if (preceptor != null) {
            preceptor.close();
        }
    }
}
