package ai.preceptor.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.Preceptor;
import ai.preceptor.RankOptions;
import ai.preceptor.Student;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Preference;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.distill.SftObjective;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.ranking.pair.DpoLoss;
import ai.preceptor.ranking.pair.PairObjective;
import ai.preceptor.ranking.pair.PairOptions;
import ai.preceptor.testkit.Golden;
import ai.preceptor.tinker.FakeTinker;
import ai.preceptor.tinker.FakeTinker.Kind;
import ai.preceptor.tinker.TinkerSettings;
import ai.preceptor.train.Interrupt;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.StepMetrics;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.TrainListener;
import ai.preceptor.train.TrainSummary;
import ai.preceptor.train.run.RunStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A small model that learns through a service as it does here. */
class RemoteStudentTest {
    private static final int RANK = 4;
    private static final long SEED = 3;

    private final Path directory = Golden.dir("tiny-chat");
    private final List<Preference> pairs =
            Datasets.preferences(Golden.file("pairs.jsonl"), 4, OnBadRow.FAIL).rows();
    private final TrainConfig config = TrainConfig.builder()
            .batchSize(2)
            .gradientAccumulationSteps(2)
            .maxSteps(2)
            .learningRate(1e-3)
            .maxGradNorm(0)
            .maxLength(256)
            .shuffle(false)
            .build();

    @TempDir
    private Path folder;

    /** Steps of a run. */
    private static final class Steps implements TrainListener {
        private final List<StepMetrics> all = new ArrayList<>();

        @Override
        public void onStep(StepMetrics step) {
            all.add(step);
        }

        LoopSetting setting() {
            return LoopSetting.of(RunStore.none(), new Interrupt(), this);
        }
    }

    private FakeTinker service(Torch torch, Kind kind) throws java.io.IOException {
        return new FakeTinker(
                kind,
                rank -> new TinyLearner(torch, directory, rank, SEED, config),
                Files.createTempDirectory(folder, "service"));
    }

    private RemoteStudent open(FakeTinker service) {
        return RemoteStudent.open(
                directory, Boundary.REFUSE, TinkerSettings.at(service.url()).build(), RANK, config, new Interrupt());
    }

    private Steps here() {
        Steps steps = new Steps();
        try (Preceptor preceptor = Preceptor.open("cpu", 1);
                Student student = preceptor.student(directory, TinyLearner.loading(RANK, SEED))) {
            student.rank(
                    pairs,
                    List.of(),
                    PairObjective.ofPreferences(DpoLoss.sigmoid(0.1)),
                    RankOptions.STANDARD,
                    config,
                    steps.setting());
        }
        return steps;
    }

    @ParameterizedTest
    @CsvSource({"JAX, false", "SUM, true"})
    void rank_dpo_followsTheLocalAdapter(Kind kind, boolean precomputed) throws Exception {
        Steps remote = new Steps();
        try (Torch torch = Torch.open("cpu", 1);
                FakeTinker service = service(torch, kind);
                RemoteStudent student = open(service)) {
            RankOptions options =
                    precomputed ? new RankOptions(null, true, folder.resolve("cache"), null) : RankOptions.STANDARD;
            student.rank(
                    pairs, List.of(), PairObjective.ofPreferences(DpoLoss.sigmoid(0.1)), options, remote.setting());
        }
        Steps local = here();

        assertThat(remote.all).hasSize(2);
        for (int i = 0; i < 2; i++) {
            StepMetrics far = remote.all.get(i);
            StepMetrics near = local.all.get(i);
            assertThat(far.loss()).isCloseTo(near.loss(), within(1e-5));
            assertThat(far.gradNorm()).isCloseTo(near.gradNorm(), within(1e-4 * near.gradNorm()));
            assertThat((double) far.row().get("rewards/margins"))
                    .isCloseTo((double) near.row().get("rewards/margins"), within(1e-4));
            assertThat(far.row()).doesNotContainKeys("entropy", "logits/chosen");
        }
    }

    @Test
    void train_sft_isMeasuredOnHeldOutRows() throws Exception {
        List<Demonstration> rows = pairs.stream()
                .map(pair -> new Demonstration(pair.prompt(), pair.chosen()))
                .toList();
        try (Torch torch = Torch.open("cpu", 1);
                FakeTinker service = service(torch, Kind.SUM);
                RemoteStudent student = open(service)) {
            Steps steps = new Steps();
            TrainSummary summary =
                    student.train(new SftObjective(), null, rows.subList(0, 2), rows.subList(2, 4), steps.setting());

            assertThat(steps.all.get(1).loss()).isLessThan(steps.all.get(0).loss());
            assertThat(summary.evaluated()).containsOnlyKeys("eval_loss", "eval_runtime");
        }
    }

    @Test
    void rank_whatAServiceDoesNotGive_isRefused() throws Exception {
        try (Torch torch = Torch.open("cpu", 1);
                FakeTinker service = service(torch, Kind.SUM);
                RemoteStudent student = open(service)) {
            PairObjective<Preference> weighted =
                    PairObjective.ofPreferences(DpoLoss.sigmoid(0.1), new PairOptions(null, true));
            LoopSetting setting = LoopSetting.inMemory();
            assertThatThrownBy(() -> student.rank(pairs, List.of(), weighted, RankOptions.STANDARD, setting))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("LOG_SUM_SQUARES");
            RankOptions other = new RankOptions(folder, false, null, null);
            assertThatThrownBy(() -> student.rank(
                            pairs, List.of(), PairObjective.ofPreferences(DpoLoss.sigmoid(0.1)), other, setting))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith("ref_model: expected none with learner_url");
        }
    }
}
