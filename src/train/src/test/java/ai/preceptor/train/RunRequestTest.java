package ai.preceptor.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.train.run.RunRequest;
import ai.preceptor.train.toy.ToyModel;
import ai.preceptor.train.toy.ToyRows;
import ai.preceptor.train.toy.ToyRun;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What another process asks of a run, by files in its directory, and what the run says of itself. */
class RunRequestTest {
    @TempDir
    Path folder;

    private static ToyRun run() {
        TrainConfig config = TrainConfig.builder()
                .batchSize(2)
                .maxSteps(6)
                .saveSteps(0)
                .learningRate(0.05)
                .resume(true)
                .build();
        return new ToyRun(config, ToyRows.make(13, 21), 0.4);
    }

    @Test
    void save_writesACheckpointAfterTheStepInHand_once() {
        Path output = folder.resolve("run");

        run().in(output, run().model(), new Interrupt(), asking(output, 3, RunRequest.SAVE));

        assertThat(output.resolve("checkpoints/step-3")).isDirectory();
        assertThat(output.resolve("checkpoints")).isDirectoryNotContaining("glob:**step-[12456]");
        assertThat(output.resolve("save.request")).doesNotExist();
    }

    @Test
    void stop_savesAndEnds_andIsResumedToTheSameModel() throws IOException {
        ToyModel straight = run().model();
        run().in(folder.resolve("straight"), straight, new Interrupt(), TrainListener.none());
        Path output = folder.resolve("run");
        Interrupt interrupt = new Interrupt();

        assertThatThrownBy(() -> run().in(output, run().model(), interrupt, asking(output, 2, RunRequest.STOP)))
                .isInstanceOf(InterruptedRunException.class)
                .hasMessageContaining("interrupted after step 2 of 6");

        assertThat(interrupt.isRequested())
                .as("a recipe's next stage must not begin")
                .isTrue();
        assertThat(status(output).path("state").textValue()).isEqualTo("stopped");
        assertThat(status(output).path("total_steps").intValue()).isEqualTo(6);
        run().in(output, run().model(), new Interrupt(), TrainListener.none());
        assertThat(output.resolve("metrics.jsonl")).hasSameTextualContentAs(folder.resolve("straight/metrics.jsonl"));
        assertThat(status(output).path("state").textValue()).isEqualTo("finished");
    }

    @Test
    void requestsFromBeforeTheRun_areRemoved() throws IOException {
        Path output = Files.createDirectories(folder.resolve("run"));
        Files.createFile(output.resolve("run.lock"));
        Files.createFile(output.resolve(RunRequest.STOP.file()));

        TrainSummary summary = run().in(output, run().model(), new Interrupt(), TrainListener.none());

        assertThat(summary.steps()).isEqualTo(6);
        assertThat(output.resolve(RunRequest.STOP.file())).doesNotExist();
    }

    @Test
    void requestThatCannotBeRemoved_isNotHeeded_andDoesNotEndTheRun() throws IOException {
        Path output = Files.createDirectories(folder.resolve("run"));
        Files.createFile(output.resolve("run.lock"));
        for (RunRequest request : RunRequest.values()) {
            Files.createDirectories(output.resolve(request.file()).resolve("x"));
        }

        TrainSummary summary = run().in(output, run().model(), new Interrupt(), TrainListener.none());

        assertThat(summary.steps()).isEqualTo(6);
        assertThat(status(output).path("state").textValue()).isEqualTo("finished");
    }

    @Test
    void failedRun_saysWhy() throws IOException {
        Path output = folder.resolve("run");
        TrainListener broken = new TrainListener() {
            @Override
            public void onStep(StepMetrics step) {
                throw new IllegalStateException("no more paper");
            }
        };

        assertThatThrownBy(() -> run().in(output, run().model(), new Interrupt(), broken))
                .hasMessage("no more paper");

        assertThat(status(output).path("state").textValue()).isEqualTo("failed");
        assertThat(status(output).path("message").textValue()).isEqualTo("no more paper");
    }

    @Test
    void runThatIsRefusedForLackOfSpace_leavesNoDirectory() {
        Path output = folder.resolve("run");
        ToyModel model = run().model();
        Trainable large = (Trainable) Proxy.newProxyInstance(
                Trainable.class.getClassLoader(),
                new Class<?>[] {Trainable.class},
                (proxy, method, arguments) ->
                        method.getName().equals("modelBytes") ? Long.MAX_VALUE / 2 : method.invoke(model, arguments));

        assertThatThrownBy(() -> run().in(output, large, new Interrupt(), TrainListener.none()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("MB free");

        assertThat(output).doesNotExist();
    }

    private static TrainListener asking(Path output, int afterStep, RunRequest request) {
        return new TrainListener() {
            @Override
            public void onStep(StepMetrics step) {
                if (step.step() == afterStep) {
                    try {
                        Files.createFile(output.resolve(request.file()));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            }
        };
    }

    private static JsonNode status(Path output) throws IOException {
        return new ObjectMapper().readTree(output.resolve("status.json").toFile());
    }
}
