package ai.preceptor.rollout;

import static ai.preceptor.rollout.Rollouts.builder;
import static ai.preceptor.rollout.Rollouts.plan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.OutputException;
import ai.preceptor.data.Prompt;
import ai.preceptor.rollout.message.DeadLetter;
import ai.preceptor.rollout.message.EncodedPrompt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadLetterLogTest {
    private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();

    @TempDir
    private Path directory;

    private static DeadLetter letter(long index) {
        return new DeadLetter(index, Prompt.user("q" + index), "generate", new IllegalStateException("why " + index));
    }

    @Test
    void open_ofARunThatGoesOn_dropsWhatWillBeSampledAgain() throws IOException {
        Path file = directory.resolve("dead-letters.jsonl");
        DeadLetterLog first = DeadLetterLog.open(file, 0);
        assertThat(file).doesNotExist();
        List.of(2L, 5L, 9L).forEach(index -> first.accept(letter(index)));
        Files.writeString(file, Files.readString(file) + "{\"index\": 11, \"torn");
        DeadLetterLog again = DeadLetterLog.open(file, 6);
        assertThat(again.kept()).as("of the run before").isEqualTo(2);
        assertThat(first.kept()).isZero();
        again.accept(letter(7));
        assertThat(Files.readAllLines(file))
                .hasSize(3)
                .satisfiesExactly(
                        row -> assertThat(row)
                                .contains("\"index\":2", "\"stage\":\"generate\"", "why 2", "\"role\":\"user\""),
                        row -> assertThat(row).contains("\"index\":5"),
                        row -> assertThat(row).contains("\"index\":7"));
    }

    @Test
    void letters_areWrittenAsTheyCome_evenIfTheRunEndsBadly() throws IOException {
        Path file = directory.resolve("dead-letters.jsonl");
        FakeEngine engine = new FakeEngine() {
            @Override
            protected void before(List<EncodedPrompt> asked) {
                if (asked.stream().anyMatch(prompt -> prompt.index() >= 3)) {
                    throw new IllegalStateException("too hard");
                }
            }
        };
        RolloutPlan plan = plan().promptsInFlight(2)
                .bufferPrompts(4)
                .generation(Rollouts.QUICK.withMaxFailuresInARow(8))
                .build();
        try (VertxRollouts rollouts = builder(plan, engine)
                .deadLetters(DeadLetterLog.open(file, 0))
                .build()
                .start()) {
            assertThatThrownBy(() -> rollouts.next(4)).hasMessageContaining("8 failures in a row, the first: too hard");
        }
        assertThat(Files.readAllLines(file)).isNotEmpty().first().asString().contains("\"index\":3", "too hard");
    }

    @Test
    void aListenerThatThrows_endsTheRunWithItsCause() {
        FakeEngine engine = new FakeEngine() {
            @Override
            protected void before(List<EncodedPrompt> asked) {
                if (asked.stream().anyMatch(prompt -> prompt.index() == 0)) {
                    throw new IllegalStateException("too hard");
                }
            }
        };
        try (VertxRollouts rollouts = builder(plan().maxStaleness(1).build(), engine)
                .deadLetters(letter -> {
                    throw new OutputException(directory, "the disk is full", new IOException());
                })
                .build()
                .start()) {
            // Other prompts may fill batches for as long as the retries of this one take.
            assertThatThrownBy(() -> batchesUntil(rollouts, System.nanoTime() + PATIENCE_NANOS))
                    .isInstanceOf(OutputException.class)
                    .hasMessageContaining("the disk is full");
        }
    }

    private static void batchesUntil(VertxRollouts rollouts, long end) {
        for (int version = 1; System.nanoTime() - end < 0; version++) {
            rollouts.next(4);
            rollouts.publish(version);
        }
    }
}
