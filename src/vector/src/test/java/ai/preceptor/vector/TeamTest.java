package ai.preceptor.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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
    @Timeout(60)
    void run_workerStuckInAPart_callerDoesTheOthers() {
        try (Team team = new Team(2)) {
            assertThat(partsOfAStuckWorker(team)).isOne();
        }
    }

    @Test
    @Timeout(60)
    void run_workersAsleep_areWoken() throws InterruptedException {
        try (Team team = new Team(2)) {
            for (int i = 0; i < 3; i++) {
                await(team, Thread.State.WAITING);
                assertThat(partsOfAStuckWorker(team)).isOne();
            }
        }
    }

    @Test
    @Timeout(60)
    void close_workersAsleep_end() throws InterruptedException {
        Team team = new Team(3);
        await(team, Thread.State.WAITING);
        team.close();
        await(team, Thread.State.TERMINATED);
        assertThat(team.areAll(Thread.State.TERMINATED)).isTrue();
    }

    /** Runs a job whose worker is in one part until the caller, which waits for it to begin, has done all others. */
    private static int partsOfAStuckWorker(Team team) {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch others = new CountDownLatch(7);
        AtomicInteger ofWorker = new AtomicInteger();
        team.run((part, parts, thread) -> {
            assertThat(parts).isEqualTo(8);
            if (thread == 1) {
                ofWorker.incrementAndGet();
                begun.countDown();
                await(others);
            } else {
                await(begun);
                others.countDown();
            }
        });
        return ofWorker.get();
    }

    private static void await(Team team, Thread.State state) throws InterruptedException {
        while (!team.areAll(state)) {
            Thread.sleep(1);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
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
