package ai.preceptor.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.OutputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {

    private static final Map<String, String> DATA = Map.of("rows", "5");

    @TempDir
    Path folder;

    private Path output;

    @BeforeEach
    void chooseOutput() {
        output = folder.resolve("deep/er/run");
    }

    @Test
    void open_newDirectory_writesTheConfig() {
        try (RunDirectory run = open(false)) {
            assertThat(output.resolve("config.yaml")).hasContent("seed: 1");
            assertThat(run.resume(DATA, 10)).isEmpty();
        }
    }

    @Test
    void close_nothingWasDone_leavesNoDirectory() {
        open(false).close();
        assertThat(output).doesNotExist();
        assertThat(output.getParent()).exists();
    }

    /** They are the user's, who may have a repository there. */
    @Test
    void close_nothingWasDoneBesideHiddenFiles_leavesThem() throws IOException {
        Path git = Files.createDirectories(output.resolve(".git"));
        Files.writeString(git.resolve("HEAD"), "ref: refs/heads/main");
        open(false).close();
        assertThat(git.resolve("HEAD")).hasContent("ref: refs/heads/main");
    }

    @Test
    void close_somethingWasDone_keepsTheDirectory() {
        try (RunDirectory run = open(false)) {
            run.planned(0, 10);
        }
        assertThat(output.resolve("config.yaml")).exists();
        open(true).close();
        assertThat(output.resolve("config.yaml")).as("of an earlier run").exists();
    }

    @Test
    void close_filesOfACommand_keepTheDirectory() throws IOException {
        try (RunDirectory run = open(false)) {
            Files.writeString(run.path().resolve("ledger.jsonl"), "{}\n");
        }
        assertThat(output.resolve("ledger.jsonl")).exists();
    }

    @Test
    void open_directoryOfOtherFiles_isRefusedAndUntouched() throws IOException {
        Files.createDirectories(output);
        Files.writeString(output.resolve("thesis.tex"), "x");
        assertThatThrownBy(() -> open(true))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("thesis.tex");
        assertThat(output.toFile().list()).containsExactly("thesis.tex");
    }

    @Test
    void open_file_isRefused() throws IOException {
        Files.createDirectories(output.getParent());
        Files.writeString(output, "x");
        assertThatThrownBy(() -> open(false))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("a file is in the place of a directory");
    }

    @Test
    void open_twice_isRefusedUntilTheFirstIsClosed() {
        try (RunDirectory first = open(false)) {
            assertThat(first.path()).isEqualTo(output);
            assertThatThrownBy(() -> open(true))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
        }
        open(true).close();
    }

    /** Another process's lock is the operating system's business: a child holds it and is killed. */
    @Test
    void open_whileAnotherProcessWrites_isRefusedUntilItIsKilled() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process other = new ProcessBuilder(
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        LockHolder.class.getName(),
                        output.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(other.getInputStream().read())
                    .as("a sign that it holds the lock")
                    .isEqualTo('!');
            assertThatThrownBy(() -> open(true)).hasMessageContaining("process " + other.pid());
        } finally {
            other.destroyForcibly().waitFor();
        }
        open(true).close();
    }

    /** Run by {@link #open_whileAnotherProcessWrites_isRefusedUntilItIsKilled}. */
    static final class LockHolder {
        public static void main(String[] args) throws InterruptedException {
            try (RunDirectory run = RunDirectory.open(Path.of(args[0]), spec(false, 0, "1"))) {
                System.out.print('!');
                System.out.flush();
                Thread.sleep(60_000);
            }
        }
    }

    @Test
    void open_runWithoutResume_isRefused() {
        try (RunDirectory run = open(false)) {
            run.record(Map.of("step", 1));
        }
        assertThatThrownBy(() -> open(false))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("already holds a run (steps but no checkpoint)")
                .hasMessageContaining("resume=true");
    }

    @Test
    void open_finishedRunWithoutSteps_isRefusedUnlessResumed() {
        try (RunDirectory run = open(false)) {
            run.writeSummary(Map.of("rows", 5));
        }
        assertThatThrownBy(() -> open(false))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("already holds a run (its summary.json)");
        open(true).close();
    }

    @Test
    void open_resumed_goesOnAtTheNewestCheckpointAndCutsTheLogs() throws IOException {
        try (RunDirectory run = open(false)) {
            for (int step = 1; step <= 5; step++) {
                run.record(Map.of("step", step));
                run.samples().append(Map.of("step", step));
                if (step == 2 || step == 4) {
                    save(run, step);
                }
            }
        }
        Files.writeString(output.resolve("metrics.jsonl"), "{\"step\":5}\n{\"ste", StandardOpenOption.APPEND);
        try (RunDirectory run = open(true)) {
            SavedCheckpoint found = run.resume(DATA, 10).orElseThrow();
            assertThat(found.path()).isEqualTo(output.resolve("checkpoints/step-4"));
            assertThat(found.position()).isEqualTo(new Position(4, 10, 0.5, 44));
            run.record(Map.of("step", 5, "again", true));
        }
        assertThat(Files.readAllLines(output.resolve("samples.jsonl"))).hasSize(4);
        assertThat(Files.readAllLines(output.resolve("metrics.jsonl")))
                .hasSize(5)
                .last()
                .asString()
                .contains("again");
    }

    @Test
    void resume_tornCheckpoints_arePassedOver() throws IOException {
        try (RunDirectory run = open(false)) {
            for (int step = 1; step <= 4; step++) {
                save(run, step);
            }
        }
        Files.writeString(output.resolve("checkpoints/step-4/weights"), "short");
        Files.delete(output.resolve("checkpoints/step-3/trainer_state.json"));
        Files.createDirectories(output.resolve("checkpoints/.step-9.999999999-0000abcd.aside"));
        try (RunDirectory run = open(true)) {
            assertThat(run.resume(DATA, 10).orElseThrow().position().step()).isEqualTo(2);
            assertThat(output.resolve("checkpoints").toFile().list()).containsExactlyInAnyOrder("step-1", "step-2");
            save(run, 3);
        }
        try (RunDirectory run = open(true)) {
            assertThat(run.resume(DATA, 10).orElseThrow().position().step()).isEqualTo(3);
        }
    }

    @Test
    void open_changedConfiguration_namesEveryKeyThatDiffers() {
        try (RunDirectory run = open(false)) {
            save(run, 1);
        }
        assertThatThrownBy(() -> RunDirectory.open(output, spec(true, 0, "2")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("seed: was 1, is 2")
                .hasMessageNotContaining("model");
    }

    @Test
    void resume_otherRowsOrFewerSteps_isRefused_moreStepsAreNot() {
        try (RunDirectory run = open(false)) {
            save(run, 1);
        }
        try (RunDirectory run = open(true)) {
            assertThatThrownBy(() -> run.resume(Map.of("rows", "6"), 10))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("data.rows: was 5, is 6");
            assertThatThrownBy(() -> run.resume(DATA, 9))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("was 10, is 9");
            assertThat(run.resume(DATA, 11)).isPresent();
        }
    }

    /** Before a model is loaded, and before anything is written. */
    @Test
    void open_fewerSteps_isRefusedAndLeavesTheConfig() {
        try (RunDirectory run = open(false)) {
            save(run, 1);
        }
        Map<String, String> identity = Map.of("seed", "1", "model", "tiny");
        RunSpec fewer = new RunSpec("max_steps: 9", identity, Map.of(), true, 0, 9);
        assertThatThrownBy(() -> RunDirectory.open(output, fewer))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("steps of the run: was 10, is 9 (more is allowed)");
        assertThat(output.resolve("config.yaml")).hasContent("seed: 1");
        RunSpec more = new RunSpec("max_steps: 11", identity, Map.of(), true, 0, 11);
        try (RunDirectory run = RunDirectory.open(output, more)) {
            run.planned(1, 11);
        }
        assertThat(output.resolve("config.yaml")).hasContent("max_steps: 11");
    }

    /** Fewer epochs are known to be fewer steps only when the rows are. */
    @Test
    void close_refusedByTheRows_leavesTheConfig() {
        try (RunDirectory run = open(false)) {
            save(run, 1);
        }
        RunSpec other = new RunSpec("num_train_epochs: 1", Map.of("seed", "1", "model", "tiny"), true, 0);
        try (RunDirectory run = RunDirectory.open(output, other)) {
            assertThat(output.resolve("config.yaml"))
                    .as("other learners read it")
                    .hasContent("num_train_epochs: 1");
            assertThatThrownBy(() -> run.resume(DATA, 9))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("was 10, is 9");
        }
        assertThat(output.resolve("config.yaml")).hasContent("seed: 1");
        try (RunDirectory run = RunDirectory.open(output, other)) {
            run.resume(DATA, 10);
            run.planned(1, 10);
        }
        assertThat(output.resolve("config.yaml")).hasContent("num_train_epochs: 1");
    }

    /** A checkpoint from before parts had names says nothing of them, and is gone on with. */
    @Test
    void resume_partOfAnotherName_isRefused_oneThatHadNoNameIsNot() {
        try (RunDirectory run = open(false)) {
            run.saveCheckpoint(new Position(1, 10, 0.5, 9), Map.of("rows", "5", "part.loss", "dpo"), List.of());
        }
        try (RunDirectory run = open(true)) {
            assertThatThrownBy(() -> run.resume(Map.of("rows", "5", "part.loss", "mine"), 10))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("part.loss: was dpo, is mine")
                    .hasMessageNotContaining("rows");
            assertThat(run.resume(Map.of("rows", "5", "part.loss", "dpo", "part.scorer", "mine"), 10))
                    .isPresent();
        }
    }

    @Test
    void saveCheckpoint_beyondTheLimit_removesTheOldest() {
        try (RunDirectory run = RunDirectory.open(output, spec(false, 2, "1"))) {
            for (int step : new int[] {8, 9, 10, 11}) {
                save(run, step);
            }
        }
        assertThat(output.resolve("checkpoints").toFile().list()).containsExactlyInAnyOrder("step-10", "step-11");
    }

    /** A disk that fills up half-way: the reason and the way on are said, and the older checkpoint is still good. */
    @Test
    void saveCheckpoint_diskFull_leavesTheOlderOne() {
        try (RunDirectory run = open(false)) {
            save(run, 1);
            Stateful full = new Weights() {
                @Override
                public void saveState(Path checkpoint) {
                    super.saveState(checkpoint);
                    throw new UncheckedIOException(new IOException("No space left on device"));
                }
            };
            assertThatThrownBy(() -> run.saveCheckpoint(new Position(2, 10, 0.5, 9), DATA, List.of(full)))
                    .isInstanceOf(OutputException.class)
                    .hasMessageContaining("step-2")
                    .hasMessageContaining("no space left on the device");
        }
        assertThat(output.resolve("checkpoints").toFile().list()).containsExactly("step-1");
        try (RunDirectory run = open(true)) {
            assertThat(run.resume(DATA, 10).orElseThrow().position().step()).isEqualTo(1);
        }
    }

    @Test
    void requireSpace_moreThanTheDiskHas_isRefused() {
        try (RunDirectory run = open(false)) {
            run.requireSpace(1);
            assertThatThrownBy(() -> run.requireSpace(Long.MAX_VALUE))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("MB free");
        }
    }

    @Test
    void record_withoutAStep_isRefused() {
        try (RunDirectory run = open(false)) {
            assertThatThrownBy(() -> run.record(Map.of("loss", 1))).hasMessageContaining("without a step");
        }
    }

    @Test
    void saveModel_aReadmeThatIsThere_stays() throws IOException {
        try (RunDirectory run = open(false)) {
            run.saveModel(aside -> write(aside.resolve("weights"), "1"));
            Files.writeString(run.model().resolve("README.md"), "mine");
            run.saveModel(aside -> write(aside.resolve("weights"), "2"));
            assertThat(run.model().resolve("README.md")).hasContent("mine");
            assertThat(run.model().resolve("weights")).hasContent("2");
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RunDirectory open(boolean resume) {
        return RunDirectory.open(output, spec(resume, 0, "1"));
    }

    private static RunSpec spec(boolean resume, int limit, String seed) {
        return new RunSpec("seed: 1", Map.of("seed", seed, "model", "tiny"), resume, limit);
    }

    private static void save(RunDirectory run, int step) {
        run.saveCheckpoint(new Position(step, 10, 0.5, 11L * step), DATA, List.of(new Weights()));
    }

    private static class Weights implements Stateful {
        @Override
        public void saveState(Path checkpoint) {
            write(checkpoint.resolve("weights"), "0.25 0.75");
        }

        @Override
        public void loadState(Path checkpoint) {}
    }
}
