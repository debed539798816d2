package ai.preceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.formats.config.LoraConfig;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.collective.ThreadCollective;
import ai.preceptor.policy.PolicyAlgorithm;
import ai.preceptor.policy.PolicySettings;
import ai.preceptor.train.StepMetrics;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.run.RunRequest;
import ai.preceptor.vllm.VllmSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A policy that learns from answers of a server, which has its weights of every step. */
class ServedPolicyTest {
    private final PolicySettings settings =
            PolicyRun.options(PolicyAlgorithm.GRPO).maxCompletionLength(8).build();
    private final TrainConfig config =
            PolicyRun.config(3).batchSize(8).maxLength(128).build();

    @TempDir
    Path folder;

    private static LoadOptions loading(boolean adapter) {
        return adapter ? LoadOptions.TRAINED.withLora(LoraConfig.of(4, 8), 3) : LoadOptions.TRAINED;
    }

    private StudentServer server(boolean adapter, String name) throws IOException {
        return new StudentServer(loading(adapter), Files.createDirectory(folder.resolve(name)));
    }

    private PolicyRun run(boolean adapter, StudentServer server) {
        VllmSettings servers = VllmSettings.at(server.url())
                .rolloutOutage(20)
                .rolloutWeightsDir(folder.resolve("published"))
                .build();
        return new PolicyRun().loaded(loading(adapter)).servedBy(servers);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void optimize_serverSamples_withTheWeightsOfEveryStep(boolean adapter) throws IOException {
        try (StudentServer server = server(adapter, "server")) {
            PolicyRun run = run(adapter, server);

            run.inMemory(PolicyRun.BREVITY, settings, config);

            assertThat(run.samples).hasSize(3 * 8);
            assertThat(server.pushes()).isEqualTo(3);
            for (int i = 0; i < 3; i++) {
                Object difference = run.steps.get(i).row().get("sampling/sampling_logp_difference/max");
                assertThat((double) Objects.requireNonNull(difference)).isLessThan(1e-4);
            }
        }
    }

    @Test
    void optimize_serverRestartedBetweenSteps_learnsTheSame() throws IOException {
        PolicyRun undisturbed;
        try (StudentServer server = server(true, "one")) {
            undisturbed = run(true, server);
            undisturbed.inMemory(PolicyRun.BREVITY, settings, config);
        }
        try (StudentServer server = server(true, "two")) {
            PolicyRun run = run(true, server).afterStep(step -> server.restart());

            run.inMemory(PolicyRun.BREVITY, settings, config);

            assertThat(run.samples).usingRecursiveComparison().isEqualTo(undisturbed.samples); // they hold arrays
        }
    }

    /** Such as Ctrl-C, or *Stop* on the page, while no server can be reached. */
    @ParameterizedTest
    @EnumSource(Stop.class)
    void optimize_stoppedWhileServersAreAway_savesTheState(Stop how) throws IOException {
        Path output = folder.resolve("run");
        PolicyOptions options = new PolicyOptions(settings);
        TrainConfig resumed = PolicyRun.config(3)
                .batchSize(8)
                .maxLength(128)
                .saveSteps(100)
                .resume(true)
                .build();
        try (StudentServer server = server(true, "server")) {
            PolicyRun run = run(true, server);
            run.afterStep(step -> {
                server.leave();
                Thread asking = new Thread(() -> how.ask(run, output));
                asking.start();
            });

            assertThatThrownBy(() -> run.in(output, PolicyRun.BREVITY, options, resumed))
                    .isInstanceOf(InterruptedRunException.class)
                    .hasMessageContaining("interrupted after step 1 of 3");

            assertThat(output.resolve("checkpoints/step-1")).exists();
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            server.restart();
            PolicyRun rest = run(true, server);
            rest.in(output, PolicyRun.BREVITY, options, resumed);
            assertThat(rest.steps).extracting(StepMetrics::step).containsExactly(2, 3);
        }
    }

    /** Who asks for a stop, a second after the server left. */
    private enum Stop {
        SIGNAL {
            @Override
            void ask(PolicyRun run, Path output) {
                pause();
                run.stop();
            }
        },
        REQUEST {
            @Override
            void ask(PolicyRun run, Path output) {
                pause();
                try {
                    Files.createFile(output.resolve(RunRequest.STOP.file()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };

        abstract void ask(PolicyRun run, Path output);

        private static void pause() {
            try {
                Thread.sleep(1000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Learner 0 waits for the server, the other one for learner 0. */
    @Test
    void optimize_oneOfTwoLearnersStoppedWhileServersAreAway_bothStop() throws Exception {
        TrainConfig halves = PolicyRun.config(3)
                .batchSize(4)
                .gradientAccumulationSteps(2)
                .maxLength(128)
                .build();
        try (StudentServer server = server(false, "server")) {
            List<String> ends = ThreadCollective.each(ThreadCollective.group(2), learners -> {
                PolicyRun run = run(false, server).among(learners);
                if (learners.rank() == 0) {
                    run.afterStep(step -> {
                        server.leave();
                        new Thread(() -> Stop.SIGNAL.ask(run, folder)).start();
                    });
                }
                try {
                    run.inMemory(PolicyRun.BREVITY, settings, halves);
                    return "done";
                } catch (InterruptedRunException e) {
                    return String.valueOf(e.getMessage());
                }
            });

            assertThat(ends).hasSize(2).allMatch(end -> end.startsWith("interrupted after step 1 of 3"));
        }
    }

    /** Learner 0 asks the server and publishes; both learn from its answers, and have the same weights. */
    @Test
    void optimize_byTwoLearners_learnsWhatOneDoes() throws Exception {
        TrainConfig halves = PolicyRun.config(3)
                .batchSize(4)
                .gradientAccumulationSteps(2)
                .maxLength(128)
                .build();
        PolicyRun alone;
        try (StudentServer server = server(false, "one")) {
            alone = run(false, server);
            alone.inMemory(PolicyRun.BREVITY, settings, halves);
        }
        try (StudentServer server = server(false, "two")) {
            List<PolicyRun> both = ThreadCollective.each(ThreadCollective.group(2), learners -> {
                PolicyRun run = run(false, server).among(learners);
                run.inMemory(PolicyRun.BREVITY, settings, halves);
                return run;
            });

            assertThat(server.pushes()).isEqualTo(3);
            PolicyRun first = both.get(0);
            assertThat(first.samples)
                    .extracting(row -> row.get("completion"))
                    .isEqualTo(alone.samples.stream()
                            .map(row -> row.get("completion"))
                            .toList());
            for (int i = 0; i < 3; i++) {
                assertThat(first.steps.get(i).gradNorm())
                        .isCloseTo(alone.steps.get(i).gradNorm(), withinPercentage(0.1));
            }
        }
    }
}
