package ai.preceptor.teacher.ledger;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerOpeningTest {
    private static final int RUNS = 8;

    @TempDir
    Path directory;

    /** Several runs that begin together make the file together: switching to its journal waits for nobody by itself. */
    @Test
    void open_fromSeveralRunsAtOnce_waitsForTheOthers() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(RUNS);
        CyclicBarrier together = new CyclicBarrier(RUNS);
        try {
            for (int round = 0; round < 200; round++) {
                Path file = directory.resolve("calls-" + round + ".sqlite");
                List<Future<?>> opened = new ArrayList<>();
                for (int i = 0; i < RUNS; i++) {
                    opened.add(threads.submit(() -> {
                        together.await();
                        CallLedger.open(file).close();
                        return null;
                    }));
                }
                for (Future<?> one : opened) {
                    assertThatCode(one::get).as("round %d", round).doesNotThrowAnyException();
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void open_withoutADriver_saysWhichToAdd() {
        assertThatThrownBy(() -> LedgerFile.open("calls.sqlite", "jdbc:absent:calls.sqlite"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("calls.sqlite")
                .hasMessageContaining("org.xerial:sqlite-jdbc");
    }
}
