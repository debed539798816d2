package ai.preceptor.lm.engine.timing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

class StepTimerTest {
    private static final long MILLI = 1_000_000;

    private final AtomicLong now = new AtomicLong();
    private final StringBuilder order = new StringBuilder();
    private final StepTimer timer =
            new StepTimer(now::get, new StepTimer.Bounds(250 * MILLI, 1000 * MILLI, 600 * MILLI));

    /** Steps of a kind: the i-th takes so many milliseconds of the clock. */
    private TimedSteps steps(String name, IntToLongFunction millis) {
        return new TimedSteps() {
            private int next;

            @Override
            public long step() {
                order.append(name);
                long nanos = millis.applyAsLong(next) * MILLI;
                next++;
                now.addAndGet(nanos);
                return nanos;
            }

            @Override
            public void close() {}
        };
    }

    private long[] medians(TimedSteps... kinds) {
        return timer.medians(List.of(kinds));
    }

    @Test
    void medians_stepsThatBecomeFaster_doNotCount() {
        // interpreted, compiled once, compiled well: turns of 50, 30, 31, 20, then 10 for good
        long[] compiled = {50, 30, 31, 20};
        assertThat(medians(steps("a", i -> i / 4 < 4 ? compiled[i / 4] : 10))).containsExactly(10 * MILLI);
        assertThat(order).hasSize((5 + StepTimer.STEADY + StepTimer.TURNS) * StepTimer.TURN);
    }

    @Test
    void medians_kindsTakeTurns() {
        assertThat(medians(steps("a", i -> 1), steps("b", i -> 2))).containsExactly(MILLI, 2 * MILLI);
        // 250 ms do not count, in whole turns
        assertThat(order).hasToString("a".repeat(252) + "b".repeat(128) + "aaaabbbb".repeat(StepTimer.TURNS));
    }

    @Test
    void medians_aFewSlowSteps_changeNothing() {
        assertThat(medians(steps("a", i -> i % 3 == 0 ? 40 : 5))).containsExactly(5 * MILLI);
    }

    @Test
    void medians_slowSteps_endWithTheTime() {
        // 1 s of warming is 5 steps of 200 ms; 600 ms are three more
        assertThat(medians(steps("a", i -> 200))).containsExactly(200 * MILLI);
        assertThat(order).hasSize(8);
    }

    @Test
    void medians_aStepLongerThanAllTime_isMeasured() {
        assertThat(medians(steps("a", i -> 5000), steps("b", i -> 7000))).containsExactly(5000 * MILLI, 7000 * MILLI);
        assertThat(order).hasToString("abab");
    }
}
