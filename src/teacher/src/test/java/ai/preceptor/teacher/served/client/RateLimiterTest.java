package ai.preceptor.teacher.served.client;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.teacher.served.http.CallException;
import ai.preceptor.teacher.served.http.CallFailure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Limits, rests and the breaker, in a time of our own. */
class RateLimiterTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Backoff BACKOFF =
            new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60), 3, Duration.ofSeconds(10));

    private static CallException failure(CallFailure kind) {
        return new CallException(kind, "call failed: " + kind, false, null);
    }

    private static RateLimiter gate(int concurrency) {
        return new RateLimiter(Served.limits(concurrency, 2, 60_000), BACKOFF);
    }

    @Test
    void delay_atTheLimitOfConcurrency_isUntilOneEnds() {
        RateLimiter gate = gate(2);
        gate.begin(0, 10);
        assertThat(gate.delay(0, 10)).isZero();
        gate.begin(0, 10);
        assertThat(gate.delay(0, 10)).isEqualTo(RateLimiter.UNTIL_ONE_ENDS);
        gate.answered();
        assertThat(gate.delay(0, 10)).isZero();
    }

    /** In every minute at most so many, however calls come; seed 7. */
    @Test
    void rateWindow_neverLetsMoreIntoAnyMinute() {
        RateWindow window = new RateWindow(100);
        Random random = new Random(7);
        Deque<long[]> taken = new ArrayDeque<>();
        long now = 0;
        for (int i = 0; i < 2000; i++) {
            int amount = 1 + random.nextInt(40);
            now += (long) (random.nextDouble() * SECOND * 5);
            now += window.delay(now, amount);
            assertThat(window.delay(now, amount)).isZero();
            window.take(now, amount);
            taken.add(new long[] {now, amount});
            while (taken.getFirst()[0] <= now - 60 * SECOND) {
                taken.removeFirst();
            }
            assertThat(taken.stream().mapToLong(one -> one[1]).sum()).isLessThanOrEqualTo(100);
        }
    }

    @Test
    void rateWindow_whatIsTooMuchForAnyMinute_waitsForAnEmptyOne() {
        RateWindow window = new RateWindow(10);
        assertThat(window.delay(0, 50)).isZero();
        window.take(0, 50);
        assertThat(window.delay(SECOND, 1)).isEqualTo(59 * SECOND);
        assertThat(window.delay(60 * SECOND, 50)).isZero();
    }

    @Test
    void failed_byBeingTooMuch_halvesTheCalls_restsAll_andEachReplyBringsOneBack() {
        RateLimiter gate = gate(8);
        for (int i = 0; i < 8; i++) {
            gate.begin(0, 1);
        }
        gate.failed(0, failure(CallFailure.THROTTLED), Duration.ofSeconds(5));
        assertThat(gate.atOnce()).isEqualTo(4);
        for (int i = 0; i < 5; i++) {
            gate.answered();
        }
        assertThat(gate.atOnce()).isEqualTo(8);
        assertThat(gate.delay(SECOND, 1)).isEqualTo(4 * SECOND);
        assertThat(gate.delay(5 * SECOND, 1)).isZero();
    }

    @Test
    void breaker_opensAfterFailuresInARow_triesOne_andClosesWhenItIsAnswered() {
        RateLimiter gate = gate(8);
        for (int i = 0; i < 3; i++) {
            gate.begin(0, 1);
            gate.failed(0, failure(CallFailure.SERVER), Duration.ZERO);
        }
        assertThat(gate.isBroken()).isTrue();
        assertThat(gate.delay(SECOND, 1)).isEqualTo(9 * SECOND);
        assertThat(gate.delay(10 * SECOND, 1)).isZero();
        gate.begin(10 * SECOND, 1);
        assertThat(gate.delay(10 * SECOND, 1)).as("one only").isEqualTo(RateLimiter.UNTIL_ONE_ENDS);
        gate.answered();
        assertThat(gate.isBroken()).isFalse();
        assertThat(gate.delay(10 * SECOND, 1)).isZero();
    }

    @Test
    void breaker_aFailureInTenCalls_keepsItClosed() {
        RateLimiter gate = gate(1);
        for (int i = 0; i < 1000; i++) {
            assertThat(gate.delay(i, 1)).isZero();
            gate.begin(i, 1);
            if (i % 10 == 0) {
                gate.failed(i, failure(CallFailure.TIMEOUT), Duration.ZERO);
            } else {
                gate.answered();
            }
        }
        assertThat(gate.isBroken()).isFalse();
    }

    @Test
    void breaker_trialsThatAllFail_meanThatTheServerIsGone_becauseOfTheFirstFailure() {
        RateLimiter gate = gate(1);
        CallException first = failure(CallFailure.CONNECTION);
        long now = 0;
        for (int i = 0; i < 5; i++) {
            assertThat(gate.gone()).isNull();
            now += gate.delay(now, 1);
            gate.begin(now, 1);
            gate.failed(now, i == 0 ? first : failure(CallFailure.SERVER), Duration.ZERO);
        }
        now += gate.delay(now, 1);
        gate.begin(now, 1);
        gate.failed(now, failure(CallFailure.SERVER), Duration.ZERO);
        assertThat(gate.gone()).isSameAs(first);
    }

    /** A used-up quota: it opens after three refusals, and then three trials are refused too. */
    @Test
    void breaker_refusalsOfEveryCall_meanThatTheServerIsGone() {
        RateLimiter gate = gate(8);
        CallException first = failure(CallFailure.THROTTLED);
        for (int i = 0; i < 8; i++) {
            gate.begin(0, 1);
        }
        for (int i = 0; i < 8; i++) {
            gate.failed(0, i == 0 ? first : failure(CallFailure.THROTTLED), Duration.ofSeconds(30));
        }
        assertThat(gate.gone()).as("one burst is no outage").isNull();
        long now = 0;
        for (int i = 0; i < 3; i++) {
            assertThat(gate.gone()).isNull();
            assertThat(gate.delay(now, 1)).isEqualTo(30 * SECOND);
            now += gate.delay(now, 1);
            gate.begin(now, 1);
            gate.failed(now, failure(CallFailure.THROTTLED), Duration.ofSeconds(30));
        }
        assertThat(gate.gone()).isSameAs(first);
    }

    @Test
    void breaker_aReplyAfterManyRefusals_closesIt() {
        RateLimiter gate = gate(1);
        long now = 0;
        for (int i = 0; i < 100; i++) {
            now += gate.delay(now, 1);
            gate.begin(now, 1);
            if (i % 5 == 4) {
                gate.answered();
            } else {
                gate.failed(now, failure(CallFailure.THROTTLED), Duration.ofSeconds(30));
            }
            assertThat(gate.gone()).isNull();
        }
        assertThat(gate.isBroken()).isFalse();
    }

    @Test
    void backoff_delaysDoubleUpToTheLongest_andAreShortenedByHalfAtMost() {
        assertThat(BACKOFF.delay(1, 0)).isEqualTo(Duration.ofSeconds(1));
        assertThat(BACKOFF.delay(3, 0)).isEqualTo(Duration.ofSeconds(4));
        assertThat(BACKOFF.delay(3, 0.5)).isEqualTo(Duration.ofSeconds(3));
        assertThat(BACKOFF.delay(60, 0)).isEqualTo(Duration.ofSeconds(60));
    }
}
