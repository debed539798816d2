package ai.preceptor.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TrackingTest {
    private static final TrackingTimes QUICK =
            new TrackingTimes(Duration.ZERO, Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofSeconds(40));

    @TempDir
    Path directory;

    private final List<String> notices = new CopyOnWriteArrayList<>();

    /** Keeps what it is given; each call first passes {@link #gate}. */
    private static class Kept implements Tracker {
        final List<LoggedLine> lines = new CopyOnWriteArrayList<>();
        final List<RunOutcome> outcomes = new CopyOnWriteArrayList<>();

        void gate() throws IOException {}

        @Override
        public String name() {
            return "kept";
        }

        @Override
        public String open(TrackedRun run, TrackerState state, int fromStep) throws IOException {
            gate();
            return "here";
        }

        @Override
        public void log(List<LoggedLine> more) throws IOException {
            gate();
            lines.addAll(more);
        }

        @Override
        public void finish(RunOutcome outcome) throws IOException {
            gate();
            outcomes.add(outcome);
        }

        List<Integer> steps() {
            return lines.stream().map(LoggedLine::step).toList();
        }
    }

    private Tracking tracking(Tracker tracker, TrackingTimes times) {
        return new Tracking(new RunFixture(directory).run(), List.of(tracker), times, notices::add);
    }

    @Test
    void run_isDeliveredToItsEnd() {
        Kept kept = new Kept();
        Tracking tracking = tracking(kept, QUICK);
        tracking.onStart(0, 3);
        new RunFixture(directory).steps(1, 3);
        tracking.end(RunOutcome.FINISHED);
        assertThat(kept.steps()).containsExactly(1, 2, 3);
        assertThat(kept.lines.get(1).values()).containsEntry("loss", 2.1).containsEntry("rewards/margins", -2.0);
        assertThat(kept.outcomes).containsExactly(RunOutcome.FINISHED);
        assertThat(notices).containsExactly("kept: here");
    }

    @Test
    void outage_isToldOnce_andNothingIsLost() {
        AtomicInteger calls = new AtomicInteger();
        Kept kept = new Kept() {
            @Override
            void gate() throws IOException {
                int call = calls.incrementAndGet();
                if (call >= 2 && call <= 9) {
                    throw new IOException("HTTP 503");
                }
            }
        };
        Tracking tracking = tracking(kept, QUICK);
        tracking.onStart(0, 5);
        new RunFixture(directory).steps(1, 5);
        tracking.end(RunOutcome.FINISHED);
        assertThat(kept.steps()).containsExactly(1, 2, 3, 4, 5);
        assertThat(kept.outcomes).containsExactly(RunOutcome.FINISHED);
        assertThat(notices.stream().filter(text -> text.contains("cannot be reached")))
                .containsExactly(
                        "kept: cannot be reached (HTTP 503); the run continues, and what is missing follows later");
    }

    @Test
    void tracker_thatHangs_doesNotHoldTheLoop() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        Kept kept = new Kept() {
            @Override
            void gate() throws IOException {
                entered.countDown();
                try {
                    released.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        };
        Tracking tracking = tracking(kept, QUICK);
        tracking.onStart(0, 1000);
        entered.await();
        for (int step = 1; step <= 1000; step++) { // returns although the tracker hangs
            new RunFixture(directory).steps(step, step);
            tracking.onEvaluation(step, Map.of());
        }
        released.countDown();
        tracking.end(RunOutcome.KILLED);
        assertThat(kept.steps()).hasSize(1000).isSorted().doesNotHaveDuplicates();
        assertThat(kept.outcomes).containsExactly(RunOutcome.KILLED);
    }

    @Test
    void tracker_thatStaysAway_isGivenUpAtTheEnd_andCaughtUpByTheNextProcess() throws IOException {
        Kept away = new Kept() {
            @Override
            void gate() throws IOException {
                throw new IOException("refused");
            }
        };
        TrackingTimes impatient =
                new TrackingTimes(Duration.ZERO, Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(5));
        Tracking tracking = tracking(away, impatient);
        tracking.onStart(0, 2);
        new RunFixture(directory).steps(1, 2);
        tracking.end(RunOutcome.FINISHED);
        assertThat(notices)
                .contains("kept: was not reached before the end (refused); resume=true delivers what is missing");
        Kept back = new Kept();
        new RunFixture(directory).deliver(back, 2, () -> 1L);
        assertThat(back.steps()).containsExactly(1, 2);
    }

    @Test
    void tracker_thatRefuses_isToldAndLeftAlone() {
        AtomicInteger calls = new AtomicInteger();
        Kept refusing = new Kept() {
            @Override
            void gate() throws IOException {
                calls.incrementAndGet();
                throw new TrackerRefusedException("HTTP 401");
            }
        };
        Tracking tracking = tracking(refusing, QUICK);
        tracking.onStart(0, 2);
        new RunFixture(directory).steps(1, 2);
        tracking.end(RunOutcome.FINISHED);
        assertThat(calls).hasValue(1);
        assertThat(notices).containsExactly("kept: refused: HTTP 401; nothing more is sent to it, the run continues");
    }

    /** Sends all that is there and is killed before it can note that. */
    private static void sendAndDie(RunFixture fixture, int firstStep, LongSupplier clock) {
        Kept killed = new Kept() {
            @Override
            public void log(List<LoggedLine> more) throws IOException {
                throw new IOException("killed");
            }
        };
        assertThatThrownBy(() -> fixture.deliver(killed, firstStep, clock)).hasMessage("killed");
    }

    /** Killed between sending and noting it: the same lines come again with the same time, which a tracker can take as the same. */
    @Test
    void lines_sentAgainByAnotherProcess_keepTheirTime() throws IOException {
        RunFixture fixture = new RunFixture(directory);
        fixture.steps(1, 2);
        sendAndDie(fixture, 0, () -> 1111L);
        fixture.steps(3, 3);
        Kept first = new Kept();
        fixture.deliver(first, 2, () -> 2222L);
        assertThat(first.lines)
                .extracting(LoggedLine::step, LoggedLine::millis)
                .containsExactly(tuple(1, 1111L), tuple(2, 1111L), tuple(3, 2222L));
    }

    /** Steps that are made again one after the other are sent in other calls than before. */
    @Test
    void lines_sentAgainInParts_keepTheirTime() throws IOException {
        RunFixture fixture = new RunFixture(directory);
        fixture.steps(1, 4);
        sendAndDie(fixture, 0, () -> 1111L);
        fixture.cutAfter(1);
        Kept kept = new Kept();
        Delivery delivery = new Delivery(kept, fixture.run(), 1, () -> 2222L);
        delivery.open();
        fixture.steps(2, 2);
        delivery.deliver();
        fixture.steps(3, 3);
        delivery.deliver();
        fixture.steps(4, 5);
        delivery.deliver();
        assertThat(kept.lines)
                .extracting(LoggedLine::step, LoggedLine::millis)
                .containsExactly(tuple(1, 1111L), tuple(2, 1111L), tuple(3, 1111L), tuple(4, 1111L), tuple(5, 2222L));
    }

    /** A second kill, in the middle of what the first one left open. */
    @Test
    void lines_sentAgainTwice_keepTheirTime() throws IOException {
        RunFixture fixture = new RunFixture(directory);
        fixture.steps(1, 4);
        sendAndDie(fixture, 0, () -> 1111L);
        fixture.cutAfter(2);
        sendAndDie(fixture, 2, () -> 2222L);
        fixture.steps(3, 5);
        sendAndDie(fixture, 2, () -> 3333L);
        Kept kept = new Kept();
        fixture.deliver(kept, 2, () -> 4444L);
        assertThat(kept.lines)
                .extracting(LoggedLine::step, LoggedLine::millis)
                .containsExactly(tuple(1, 1111L), tuple(2, 1111L), tuple(3, 1111L), tuple(4, 1111L), tuple(5, 4444L));
    }

    /** A line without its end is not read until it has one. */
    @Test
    void line_halfWritten_waits() throws IOException {
        RunFixture fixture = new RunFixture(directory);
        fixture.add("metrics.jsonl", "{\"step\":1,\"loss\":1}\n{\"step\":2,\"lo");
        Kept kept = new Kept();
        Delivery delivery = new Delivery(kept, fixture.run(), 0, () -> 1L);
        delivery.open();
        delivery.deliver();
        assertThat(kept.steps()).containsExactly(1);
        fixture.add("metrics.jsonl", "ss\":2}\n");
        delivery.deliver();
        assertThat(kept.steps()).containsExactly(1, 2);
    }

    @Test
    void pauses_doubleUpToTheLongest() {
        TrackingTimes times = TrackingTimes.USUAL;
        assertThat(List.of(times.pause(1), times.pause(2), times.pause(3), times.pause(7), times.pause(1000)))
                .containsExactly(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(4),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(1));
    }
}
