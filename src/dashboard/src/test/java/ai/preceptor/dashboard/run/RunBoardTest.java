package ai.preceptor.dashboard.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunBoardTest {
    private static final String POLICY = "algorithm: \"rloo\"\nmax_steps: 40\nseed: 7\noutput: \"a\"\n";

    @TempDir
    Path root;

    @Test
    void runs_areFoundAtAnyDepth() throws IOException {
        RunFiles.make(root.resolve("recipe"), "stages:\n  rloo:\n");
        RunFiles.make(root.resolve("recipe/rloo"), POLICY).steps(1, 4);
        RunFiles.make(root.resolve("a/b/c"), POLICY);
        RunFiles.make(root.resolve("recipe/rloo/checkpoints/step-1"), POLICY);
        RunFiles.make(root.resolve(".hidden"), POLICY);
        Files.createDirectories(root.resolve("no-run"));

        Map<String, RunRow> rows = RunFiles.rows(RunFiles.board(root));

        assertThat(rows.keySet()).containsExactlyInAnyOrder("recipe", "recipe/rloo", "a/b/c");
        assertThat(rows.get("recipe").command()).isEqualTo("run");
        RunRow rloo = rows.get("recipe/rloo");
        assertThat(rloo.command()).isEqualTo("policy");
        assertThat(rloo.step()).isEqualTo(4);
        assertThat(rloo.totalSteps()).isEqualTo(40);
        assertThat(rloo.secondsPerStep()).isEqualTo(0.5);
        assertThat(rloo.seed()).isEqualTo("7");
        assertThat(rloo.headline()).containsExactly(Map.entry("reward", 0.4), Map.entry("objective/kl", 0.04));
    }

    @Test
    void directoryThatIsARun_isFound() throws IOException {
        RunFiles.make(root, POLICY);

        assertThat(RunFiles.rows(RunFiles.board(root))).containsOnlyKeys(".");
    }

    @Test
    void directoryThatComesLater_isFound() throws IOException {
        Path later = root.resolve("runs");
        RunBoard board = RunFiles.board(later);
        assertThat(RunFiles.rows(board)).isEmpty();

        RunFiles.make(later.resolve("x"), POLICY);

        assertThat(rowsWhenScanned(board, 1)).containsOnlyKeys("x");
    }

    @Test
    void rootThatIsAFile_isRefused() throws IOException {
        Path file = Files.writeString(root.resolve("file"), "x");

        assertThatThrownBy(() -> RunFiles.board(file)).isInstanceOf(NotDirectoryException.class);
    }

    @Test
    void links_areNotFollowed(@TempDir Path outside) throws IOException {
        RunFiles.make(outside.resolve("secret"), POLICY).steps(1, 3);
        Files.createSymbolicLink(root.resolve("link"), outside.resolve("secret"));
        RunFiles run = RunFiles.make(root.resolve("run"), POLICY);
        Files.createSymbolicLink(run.directory().resolve("metrics.jsonl"), outside.resolve("secret/metrics.jsonl"));
        Files.createSymbolicLink(run.directory().resolve("samples.jsonl"), outside.resolve("secret/metrics.jsonl"));
        Files.createSymbolicLink(run.directory().resolve("summary.json"), outside.resolve("secret/config.yaml"));
        RunBoard board = RunFiles.board(root);

        assertThat(RunFiles.rows(board)).containsOnlyKeys("run");
        assertThat(board.row("run").orElseThrow().step()).isZero();
        assertThat(board.curves("run").orElseThrow().names()).isEmpty();
        assertThat(board.samples("run", null, 0, 9).orElseThrow().path("samples"))
                .isEmpty();
        assertThat(board.summary(board.folder("run").orElseThrow()).isMissingNode())
                .isTrue();
    }

    @Test
    void ids_areNeverPaths() throws IOException {
        RunFiles.make(root.resolve("in/run"), POLICY);
        RunFiles.make(root.resolve("out"), POLICY);
        RunBoard board = RunFiles.board(root.resolve("in"));
        board.takeChanges();

        assertThat(board.folder("run")).isPresent();
        assertThat(board.folder("../out")).isEmpty();
        assertThat(board.folder("./run")).isEmpty();
        assertThat(board.folder(root.resolve("out").toString())).isEmpty();
    }

    @Test
    void hostileNames_areOnlyNames() throws IOException {
        String name = "<img src=x onerror=alert(1)> \" ' & \u202e\n ..";
        RunFiles.make(root.resolve(name), POLICY).steps(1, 2);

        RunRow row = RunFiles.rows(RunFiles.board(root)).get(name);

        assertThat(row.step()).isEqualTo(2);
    }

    @Test
    void runThatVanishes_isGone() throws IOException {
        RunFiles run = RunFiles.make(root.resolve("x"), POLICY).steps(1, 2);
        RunBoard board = RunFiles.board(root);
        assertThat(RunFiles.rows(board)).hasSize(1);

        Files.delete(run.directory().resolve("metrics.jsonl"));
        assertThat(board.curves("x").orElseThrow().names()).isEmpty();
        Files.delete(run.directory().resolve("run.lock"));

        assertThat(rowsWhenScanned(board, 0)).isEmpty();
        assertThat(board.curves("x")).isEmpty();
    }

    @Test
    void looks_tellWhatChanged() throws IOException {
        RunFiles one = RunFiles.make(root.resolve("one"), POLICY).steps(1, 2);
        RunFiles.make(root.resolve("two"), POLICY).steps(1, 2);
        RunBoard board = RunFiles.board(root);
        assertThat(board.takeChanges().changed()).hasSize(2);
        assertThat(board.takeChanges().isEmpty()).isTrue();

        one.steps(3, 3);
        board.refresh(); // for somebody else

        assertThat(board.takeChanges().changed()).extracting(RunRow::id).containsExactly("one");
    }

    @Test
    void runThatHasEnded_isLookedAtLessOften() throws IOException {
        RunFiles.make(root.resolve("running"), POLICY).steps(1, 2);
        RunFiles ended = RunFiles.make(root.resolve("ended"), POLICY).write("status.json", "{\"state\":\"finished\"}");
        AtomicLong nanos = new AtomicLong();
        RunBoard board = new RunBoard(root, RunFiles::settings, nanos::get);
        assertThat(board.takeChanges().changed()).hasSize(2);

        ended.steps(1, 7);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(board.takeChanges().isEmpty()).isTrue();

        nanos.addAndGet(Duration.ofSeconds(3).toNanos());
        assertThat(board.takeChanges().changed()).extracting(RunRow::id).containsExactly("ended");
        assertThat(board.row("ended").orElseThrow().step()).isEqualTo(7);
    }

    @Test
    void groups_areDrawsAndRepeats() throws IOException {
        RunFiles.make(root.resolve("a"), POLICY).status("finished", 1, 0, "here");
        RunFiles.make(root.resolve("b"), POLICY.replace("seed: 7", "seed: 8").replace("\"a\"", "\"b\""));
        RunFiles.make(root.resolve("c"), POLICY.replace("40", "41"));
        RunFiles.make(root.resolve("again"), POLICY);
        RunFiles.make(root.resolve("unreadable"), "");
        RunBoard board = RunFiles.board(root);
        board.takeChanges();

        assertThat(board.groups(List.of("unreadable", "b", "again", "c", "a", "gone", "a")))
                .containsExactly(
                        new RunGroup(List.of("unreadable"), null),
                        new RunGroup(List.of("b", "a"), null),
                        new RunGroup(List.of("again"), "a"),
                        new RunGroup(List.of("c"), null));
        assertThat(board.draws("a")).containsExactly("a", "b");
        assertThat(board.draws("again")).containsExactly("a", "b");
        assertThat(board.draws("c")).containsExactly("c");
        assertThat(board.draws("gone")).isEmpty();
    }

    /** The tree is walked again after a pause that depends on how long the last walk took. */
    private static Map<String, RunRow> rowsWhenScanned(RunBoard board, int wanted) {
        Map<String, RunRow> rows = RunFiles.rows(board);
        for (int i = 0; i < 2400 && rows.size() != wanted; i++) {
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            rows = RunFiles.rows(board);
        }
        return rows;
    }
}
