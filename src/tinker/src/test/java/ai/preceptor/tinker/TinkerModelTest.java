package ai.preceptor.tinker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.TeacherException;
import ai.preceptor.lm.ForwardPass;
import ai.preceptor.lm.TokenStatistic;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.testkit.Golden;
import ai.preceptor.tinker.FakeTinker.Kind;
import ai.preceptor.tinker.FakeTinker.Trouble;
import ai.preceptor.train.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Steps, checkpoints and exports through a service that divides, sums, lies, breaks off. */
class TinkerModelTest {
    private static final int RANK = 2;
    private static final int VOCABULARY = 60;
    private static final int[] PROBE = {5, 9, 11, 14, 20, 31, 7};

    @TempDir
    private Path folder;

    private final TrainConfig config = TrainConfig.builder().maxGradNorm(0).build();

    private FakeTinker service(Kind kind) throws IOException {
        return new FakeTinker(
                kind, rank -> new TableLearner(VOCABULARY, rank), Files.createTempDirectory(folder, "service"));
    }

    /** A model with its session. */
    private record Open(TinkerService session, TinkerModel model) implements AutoCloseable {
        @Override
        public void close() {
            model.close();
            session.close();
        }
    }

    private Open open(FakeTinker service) {
        return open(TinkerSettings.at(service.url()).learnerOutage(20).build());
    }

    private Open open(TinkerSettings settings) {
        TinkerService session = TinkerService.open(settings, () -> false);
        try {
            return new Open(session, TinkerModel.open(session, Golden.dir("tiny-chat"), RANK, config, PROBE));
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private static PackedBatch batch(int first) {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(new int[] {3, 4});
        builder.completion(new int[] {first, 11, 12}).completion(new int[] {first});
        return builder.build();
    }

    /** A step of two micro-batches; returns the norm. */
    private static double step(TinkerModel model, double rate) {
        for (int first : new int[] {10, 20}) {
            try (ForwardPass pass = model.forward(batch(first))) {
                assertThat(pass.outputs()).hasSize(4);
                pass.backward(new float[] {0.5f, -1, 0.25f, 2});
            }
        }
        return model.step(rate, 0);
    }

    private static TableLearner stepped(double rate) {
        TableLearner learner = new TableLearner(VOCABULARY, RANK);
        for (int first : new int[] {10, 20}) {
            learner.addGradient(new int[4], new int[] {4, first, 11, 12}, new float[] {0, 0.5f, -1, 0.25f});
            learner.addGradient(new int[2], new int[] {4, first}, new float[] {0, 2});
        }
        learner.step(rate);
        return learner;
    }

    @ParameterizedTest
    @EnumSource(names = {"JAX", "SUM"})
    void step_whateverTheServiceDividesBy_isTheGradientOfTheSum(Kind kind) throws IOException {
        double rate = 0.1;
        TableLearner expected = new TableLearner(VOCABULARY, RANK);
        for (int first : new int[] {10, 20}) {
            expected.addGradient(new int[4], new int[] {4, first, 11, 12}, new float[] {0, 0.5f, -1, 0.25f});
            expected.addGradient(new int[2], new int[] {4, first}, new float[] {0, 2});
        }
        double norm = expected.step(rate);
        try (FakeTinker service = service(kind);
                Open open = open(service)) {
            assertThat(step(open.model(), rate)).isCloseTo(norm, within(1e-6));
            float[] after = open.model().logprobs(batch(10));
            float[] wanted = stepped(rate).logprobs(new int[4], new int[] {10, 11, 12, 10});
            for (int i = 0; i < wanted.length; i++) {
                assertThat(after[i]).isCloseTo(wanted[i], within(1e-6f));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "UNSIGNED, w and -w together",
        "REVERSED, to raise a text's log-probability",
        "NOT_FINITE, rounds adam_beta2 0.999 to 1.0; 1 makes its steps infinite",
        "POSITIONS_OF_ALL, sums them or divides by positions and sequences"
    })
    void open_serviceThatDoesNotFollowDerivatives_isRefused(Kind kind, String told) throws IOException {
        try (FakeTinker service = service(kind)) {
            assertThatThrownBy(() -> open(service))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith("learner_url: expected")
                    .hasMessageContaining(told);
            assertThat(service.models()).isZero();
        }
    }

    @Test
    void step_connectionsThatBreakAfterTheWorkWasDone_countOnce() throws IOException {
        try (FakeTinker service = service(Kind.JAX);
                Open open = open(service)) {
            int before = service.steps();
            double calm = step(open.model(), 0);
            service.meet((number, path) ->
                    path.matches("forward_backward|optim_step|retrieve_future") && number % 3 == 0 ? Trouble.CUT : 0);

            assertThat(step(open.model(), 0)).isEqualTo(calm);
            assertThat(service.steps()).isEqualTo(before + 2);
        }
    }

    @Test
    void step_busyServer_andResultsThatTakeLong_areWaitedFor() throws IOException {
        try (FakeTinker service = service(Kind.SUM);
                Open open = open(service)) {
            double calm = step(open.model(), 0);
            service.meet((number, path) -> {
                if (path.equals("retrieve_future")) {
                    return number % 2 == 0 ? 408 : 0;
                }
                return number % 5 == 0 ? 503 : 0;
            });

            assertThat(step(open.model(), 0)).isEqualTo(calm);
        }
    }

    @Test
    void step_outageBeyondItsLimit_endsTheRun() throws IOException {
        TinkerSettings settings;
        try (FakeTinker service = service(Kind.SUM);
                Open open = open(
                        settings = TinkerSettings.at(service.url())
                                .learnerOutage(0.2)
                                .build())) {
            open.model().logprobs(batch(10)); // the model is there
            service.meet((number, path) -> 500);

            assertThatThrownBy(() -> open.model().logprobs(batch(10)))
                    .isInstanceOf(TeacherException.class)
                    .hasMessageContaining(settings.learnerUrl())
                    .hasMessageContaining("learner_outage")
                    .hasMessageContaining("status 500: \"met 500\"");
        }
    }

    /** As when the state is saved because an evaluation failed. */
    @Test
    void saveState_afterAnOutageThatEndedACall_isTriedOnce(@TempDir Path checkpoint) throws IOException {
        try (FakeTinker service = service(Kind.SUM);
                Open open =
                        open(TinkerSettings.at(service.url()).learnerOutage(1).build())) {
            open.model().logprobs(batch(10));
            service.meet((number, path) -> 503);
            assertThatThrownBy(() -> open.model().logprobs(batch(10))).hasMessageContaining("(learner_outage 1)");
            assertThatThrownBy(() -> open.model().saveState(checkpoint)).hasMessageContaining("(learner_outage 1)");
            assertThat(service.calls()).filteredOn("save_weights"::equals).hasSize(1);

            service.meet((number, path) -> 0);
            open.model().saveState(checkpoint);
            service.meet((number, path) -> 503);
            assertThatThrownBy(() -> open.model().logprobs(batch(10))).hasMessageNotContaining("not reached for 0 s");
        }
    }

    @Test
    void step_refusedByTheService_tellsWhatItSays() throws IOException {
        try (FakeTinker service = service(Kind.SUM);
                Open open = open(service)) {
            service.meet((number, path) -> path.equals("forward_backward") ? 422 : 0);

            assertThatThrownBy(() -> open.model().logprobs(batch(10)))
                    .isInstanceOf(TeacherException.class)
                    .hasMessageContaining("forward_backward refused with status 422: \"met 422\"");
        }
    }

    @Test
    void forward_repliesOfAnotherShape_areRefused() throws IOException {
        try (FakeTinker service = service(Kind.SUM);
                Open open = open(service)) {
            service.lie(measured -> measured.subList(1, measured.size()));
            assertThatThrownBy(() -> open.model().forward(batch(10)))
                    .hasMessageEndingWith("expected 2 sequences, found 1 sequences");
            service.lie(measured -> List.of(new float[3], new float[3]));
            assertThatThrownBy(() -> open.model().forward(batch(10)))
                    .hasMessageEndingWith("expected 4 of it, found 3 log-probabilities of sequence 0");
        }
    }

    @Test
    void step_logprobsOfTheBackwardPassNotFinite_makesNoStep() throws IOException {
        try (FakeTinker service = service(Kind.SUM);
                Open open = open(service)) {
            try (ForwardPass pass = open.model().forward(batch(10))) {
                pass.backward(new float[] {1, 1, 1, 1});
            }
            int before = service.steps();
            service.lie(measured -> {
                measured.get(1)[0] = Float.NaN;
                return measured;
            });

            assertThat(open.model().step(0.1, 0)).isNaN();
            assertThat(service.steps()).isEqualTo(before);
            assertThat(open.model().brokenWeights()).isEmpty();
        }
    }

    @Test
    void forward_statistics_areNotKnown() throws IOException {
        try (FakeTinker service = service(Kind.SUM);
                Open open = open(service)) {
            assertThatThrownBy(() -> open.model().forward(batch(10), Set.of(TokenStatistic.ENTROPY)))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("ENTROPY");
            try (ForwardPass pass = open.model().forward(batch(10))) {
                pass.backward(new float[4]);
                assertThatThrownBy(() -> pass.backward(new float[4])).isInstanceOf(IllegalStateException.class);
            }
            assertThatThrownBy(open.model()::gradientNorm).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void state_isTakenBackByANewModel(@TempDir Path checkpoint) throws IOException {
        try (FakeTinker service = service(Kind.JAX)) {
            float[] saved;
            try (Open open = open(service)) {
                step(open.model(), 0.1);
                open.model().saveState(checkpoint);
                saved = open.model().logprobs(batch(10));
                step(open.model(), 0.1);
                assertThat(open.model().logprobs(batch(10))).isNotEqualTo(saved);
                open.model().loadState(checkpoint); // the best of a run
                assertThat(open.model().logprobs(batch(10))).isEqualTo(saved);
            }
            try (Open open = open(service)) {
                open.model().loadState(checkpoint);
                assertThat(open.model().logprobs(batch(10))).isEqualTo(saved);
                assertThat(service.models()).isEqualTo(1);
            }
        }
    }

    @Test
    void loadState_ofAnotherKind_isRefused(@TempDir Path checkpoint) throws IOException {
        try (FakeTinker service = service(Kind.SUM);
                Open open = open(service)) {
            assertThatThrownBy(() -> open.model().loadState(checkpoint))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("service.json: expected where a training service keeps the state");
            Files.writeString(checkpoint.resolve("service.json"), "{\"path\":\"tinker://m/weights/s\",\"lora_r\":8}");
            assertThatThrownBy(() -> open.model().loadState(checkpoint)).hasMessageContaining("lora_r 2");
            Files.writeString(
                    checkpoint.resolve("service.json"),
                    "{\"path\":\"tinker://m/weights/s\",\"base_model\":\"other\",\"lora_r\":2}");
            assertThatThrownBy(() -> open.model().loadState(checkpoint))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("service.json: expected base_model tiny, which")
                    .hasMessageEndingWith("found \"other\"");
        }
    }

    @Test
    void reference_isTheUntrainedModel() throws IOException {
        try (FakeTinker service = service(Kind.SUM);
                Open open = open(service);
                TinkerReference reference = open.model().reference()) {
            float[] before = open.model().logprobs(batch(10));
            step(open.model(), 0.1);

            assertThat(reference.logprobs(batch(10))).isEqualTo(before);
            assertThat(open.model().logprobs(batch(10))).isNotEqualTo(before);
        }
    }

    @Test
    void saveModel_writesAnAdapterWithTheNamesOfItsModules(@TempDir Path target) throws IOException {
        try (FakeTinker service = service(Kind.SUM);
                Open open = open(service)) {
            open.model().saveModel(target);

            assertThat(target.resolve("adapter_config.json"))
                    .content()
                    .containsPattern("\"target_modules\" *: \\[\\s*\"q_proj\"\\s*]");
            assertThat(target).isDirectoryContaining("glob:**tokenizer.json");
            assertThat(target).isDirectoryNotContaining("glob:**.tar.gz");
        }
    }
}
