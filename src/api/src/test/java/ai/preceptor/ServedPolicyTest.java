package ai.preceptor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.formats.config.LoraConfig;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.policy.PolicyAlgorithm;
import ai.preceptor.policy.PolicySettings;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.vllm.VllmSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
}
