package ai.preceptor.cli.command.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.rows.RowBytes;
import ai.preceptor.lm.NotFiniteException;
import ai.preceptor.rollout.actor.ChunkWork;
import ai.preceptor.train.Interrupt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChunksTest {
    private static final ChunkBytes<List<Prompt>, List<Map<String, @Nullable Object>>> BYTES =
            ChunkBytes.rows(RowBytes.PROMPTS);

    /** Fails at the prompt "bad". */
    private static List<Map<String, @Nullable Object>> rows(long chunk, List<Prompt> prompts) {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            String text = prompts.get(i).text().asString();
            if (text.equals("bad")) {
                throw NotFiniteException.of("prompt \u00e9", i, Double.NaN, "why");
            }
            rows.add(Map.of("row", chunk + text, "list", List.of(1, 0.1, 1L << 40)));
        }
        return rows;
    }

    private static List<List<Prompt>> chunks(String... texts) {
        List<List<Prompt>> chunks = new ArrayList<>();
        for (String text : texts) {
            chunks.add(List.of(Prompt.plain("first"), Prompt.plain(text)));
        }
        return chunks;
    }

    @Test
    void work_ofBytes_givesWhatTheFunctionGives() {
        AtomicBoolean closed = new AtomicBoolean();
        List<List<Prompt>> chunks = chunks("a", "b");
        List<List<Map<String, @Nullable Object>>> here = new ArrayList<>();
        Chunks.here(ChunksTest::rows).run(chunks.iterator(), here::add);
        List<List<Map<String, @Nullable Object>>> there = new ArrayList<>();
        try (ChunkWork work = BYTES.work(ChunksTest::rows, () -> closed.set(true))) {
            for (int i = 0; i < chunks.size(); i++) {
                there.add(BYTES.result(work.compute(i, BYTES.input().apply(chunks.get(i)))));
            }
        }
        assertThat(there).isEqualTo(here);
        assertThat(here.get(1).get(1)).containsEntry("row", "1b");
        assertThat(closed).isTrue();
    }

    @Test
    void rowWhoseNumbersAreNotFinite_isTheSameHereAndThere() {
        List<Object> given = new ArrayList<>();
        assertThatExceptionOfType(FailedRowException.class)
                .isThrownBy(() -> Chunks.here(ChunksTest::rows)
                        .run(chunks("a", "bad", "c").iterator(), given::add))
                .withMessage("prompt \u00e9: expected a finite number, found NaN; why")
                .satisfies(failed -> assertThat(failed.row()).isEqualTo(1));
        assertThat(given).hasSize(1);
        ChunkWork work = BYTES.work(ChunksTest::rows, () -> {});
        byte[] answer = work.compute(0, BYTES.input().apply(chunks("bad").get(0)));
        assertThatExceptionOfType(FailedRowException.class)
                .isThrownBy(() -> BYTES.result(answer))
                .withMessage("prompt \u00e9: expected a finite number, found NaN; why")
                .satisfies(failed -> assertThat(failed.row()).isEqualTo(1));
    }

    /** A stop that is asked for while a result is written interrupts the next chunk, not the writing. */
    @Test
    void stoppedBy_interruptsComputingOnly() {
        Interrupt interrupt = new Interrupt();
        List<String> done = new ArrayList<>();
        Chunks<String, String> chunks = Chunks.here((chunk, input) -> {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException(input);
            }
            return input;
        });
        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> chunks.stoppedBy(interrupt)
                        .run(List.of("a", "b", "c").iterator(), result -> {
                            done.add(result);
                            if (result.equals("b")) {
                                interrupt.request();
                            }
                            assertThat(Thread.currentThread().isInterrupted()).isFalse();
                        }))
                .withMessage("c");
        assertThat(done).containsExactly("a", "b");
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
}
