package ai.preceptor.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TeamTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void run_manyJobs_everyPartOnce(int threads) {
        AtomicIntegerArray done = new AtomicIntegerArray(256);
        try (Team team = new Team(threads)) {
            for (int job = 1; job <= 3000; job++) {
                team.run((part, parts, thread) -> {
                    assertThat(thread).isBetween(0, threads - 1);
                    done.incrementAndGet(part);
                });
                for (int part = 0; part < 256 && done.get(part) > 0; part++) {
                    assertThat(done.get(part)).isEqualTo(job);
                }
            }
            assertThat(done.get(0)).isEqualTo(3000);
        }
    }

    @Test
    void run_workerStuckInAPart_callerDoesTheOthers() throws InterruptedException {
        CountDownLatch others = new CountDownLatch(7);
        try (Team team = new Team(2)) {
            team.run((part, parts, thread) -> {
                if (thread == 1) {
                    await(others, parts);
                }
                others.countDown();
            });
        }
        assertThat(others.getCount()).isZero();
    }

    private static void await(CountDownLatch others, int parts) {
        assertThat(parts).isEqualTo(8);
        try {
            others.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void run_partThrows_isThrownOnceAllEnded() {
        try (Team team = new Team(2)) {
            AtomicIntegerArray done = new AtomicIntegerArray(64);
            assertThatThrownBy(() -> team.run((part, parts, thread) -> {
                        done.incrementAndGet(part);
                        if (part == 3) {
                            throw new IllegalStateException("part 3");
                        }
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("part 3");
            for (int part = 0; part < 8; part++) {
                assertThat(done.get(part)).isOne();
            }
            team.run((part, parts, thread) -> done.incrementAndGet(part));
            assertThat(done.get(3)).isEqualTo(2);
        }
    }
}
