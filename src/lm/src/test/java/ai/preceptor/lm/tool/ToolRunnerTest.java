package ai.preceptor.lm.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.tool.Tool;
import ai.preceptor.lm.tool.ToolRunner.Output;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ToolRunnerTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    private static ToolRunner runner(Duration timeout, int most, FakeTool... tools) {
        return new ToolRunner(List.of(tools), timeout, most);
    }

    private static Output run(ToolRunner runner, ToolCall call) {
        return runner.run(call, () -> {});
    }

    private static ToolCall call(String name) {
        return new ToolCall(name, Map.of("a", 1));
    }

    @Test
    void run_givesTheOutput_cutAtItsBound_withoutHalvesOfPairs() {
        ToolRunner runner =
                runner(LONG, 4, new FakeTool("t", a -> "x\ud800yzzz"), new FakeTool("u", a -> "abc\ud83d\ude00"));
        assertThat(run(runner, call("t"))).isEqualTo(new Output("t", "x\ufffdyz", false));
        assertThat(run(runner, call("u")).text()).isEqualTo("abc\ud83d\ude00");
    }

    /** Only what is kept of it is looked at. */
    @Test
    void run_hugeOutput_isCut() {
        ToolRunner runner = runner(LONG, 5, new FakeTool("t", a -> "x".repeat(50_000_000)));
        assertThat(run(runner, call("t"))).isEqualTo(new Output("t", "xxxxx", false));
    }

    @Test
    void run_whatATool_throws_isATextForTheModel() {
        ToolRunner runner = runner(
                LONG,
                100,
                new FakeTool("checked", a -> {
                    throw new Exception("no \"luck\"");
                }),
                new FakeTool("deep", a -> {
                    throw new StackOverflowError();
                }),
                new FakeTool("nothing", a -> null));
        assertThat(run(runner, call("checked")))
                .isEqualTo(new Output("checked", "{\"error\":\"no \\\"luck\\\"\"}", true));
        assertThat(run(runner, call("deep")).text()).isEqualTo("{\"error\":\"StackOverflowError\"}");
        assertThat(run(runner, call("nothing")).text()).isEqualTo("{\"error\":\"the tool returned nothing\"}");
    }

    /** The bound is that of what the model reads: escapes count. */
    @Test
    void run_errorsFitTheirBound_asJson() throws Exception {
        ToolRunner runner = runner(LONG, 40, new FakeTool("t", a -> {
            throw new Exception("\u0001\"".repeat(100) + "\ud83d\ude00".repeat(100));
        }));
        String text = run(runner, call("t")).text();
        assertThat(text).hasSizeBetween(34, 40);
        assertThat(new JsonMapper().readTree(text).get("error").textValue())
                .isNotEmpty()
                .isSubstringOf("\u0001\"".repeat(100));
        String most =
                run(runner(LONG, 1, new FakeTool("t", a -> null)), call("t")).text();
        assertThat(most).isEqualTo("{\"error\":\"\"}");
    }

    @Test
    void run_ofMalformedAndUnknownCalls_callsNothing() {
        AtomicInteger called = new AtomicInteger();
        ToolRunner runner = runner(LONG, 100, new FakeTool("t", a -> "" + called.incrementAndGet()));
        assertThat(run(runner, ToolCall.malformed("no JSON")).text()).isEqualTo("{\"error\":\"no JSON\"}");
        assertThat(run(runner, call("other")).text())
                .isEqualTo("{\"error\":\"there is no tool \\\"other\\\", only [t]\"}");
        assertThat(called).hasValue(0);
    }

    /** Each hanging call keeps a thread, so there is a bound; when they end, the tool is called again. */
    @Test
    void run_callsThatHang_areAnsweredAnyway_andBounded() throws InterruptedException {
        CountDownLatch released = new CountDownLatch(1);
        AtomicInteger called = new AtomicInteger();
        ToolRunner runner = runner(Duration.ofMillis(20), 100, new FakeTool("t", a -> {
            called.incrementAndGet();
            while (true) {
                try {
                    released.await();
                    return "late";
                } catch (InterruptedException ignoredByABadTool) {
                    continue;
                }
            }
        }));
        for (int i = 0; i < ToolRunner.MOST_HANGING; i++) {
            assertThat(run(runner, call("t")).text()).isEqualTo("{\"error\":\"no answer in time\"}");
        }
        assertThat(run(runner, call("t")).text()).isEqualTo("{\"error\":\"the tool is not available\"}");
        released.countDown();
        Output output = run(runner, call("t"));
        for (int i = 0; i < 2000 && output.failed(); i++) {
            Thread.sleep(5);
            output = run(runner, call("t"));
        }
        assertThat(output.text()).isEqualTo("late");
    }

    /** Callers are let in one by one, in their order, and see it when those before them are done. */
    @Test
    void run_fromSeveralThreads_isInOrder_andTellsWhoWaits() throws Exception {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch released = new CountDownLatch(1);
        ToolRunner runner = runner(LONG, 100, new FakeTool("t", a -> {
            order.add(String.valueOf(a.get("a")));
            released.await();
            return "4";
        }));
        List<Thread> threads = new ArrayList<>();
        List<AtomicInteger> told = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            AtomicInteger own = new AtomicInteger();
            ToolCall call = new ToolCall("t", Map.of("a", i));
            Thread thread = new Thread(() -> runner.run(call, own::incrementAndGet));
            thread.start();
            awaitWaiting(thread);
            threads.add(thread);
            told.add(own);
        }
        released.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(order).containsExactly("0", "1", "2");
        assertThat(told.get(0)).hasValue(0);
        assertThat(told.get(1).get()).isPositive();
        assertThat(told.get(2).get()).isPositive();
    }

    /** It stands in nobody's way then. */
    @Test
    void run_ofAThreadThatIsInterruptedWhileItWaits_isCancelled() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        AtomicInteger called = new AtomicInteger();
        ToolRunner runner = runner(LONG, 100, new FakeTool("t", a -> {
            called.incrementAndGet();
            released.await();
            return "4";
        }));
        Thread first = new Thread(() -> run(runner, call("t")));
        first.start();
        awaitWaiting(first);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread second = new Thread(() -> run(runner, call("t")));
        second.setUncaughtExceptionHandler((thread, e) -> thrown.set(e));
        second.start();
        awaitWaiting(second);
        second.interrupt();
        second.join();
        assertThat(thrown.get()).isInstanceOf(CancellationException.class);
        released.countDown();
        first.join();
        assertThat(run(runner, call("t")).text()).isEqualTo("4");
        assertThat(called).hasValue(2);
    }

    /** Until it waits for its tool, or for others. */
    private static void awaitWaiting(Thread thread) throws InterruptedException {
        while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.sleep(1);
        }
    }

    /** Calls that follow each other at once do not count as hanging. */
    @Test
    void run_quickCalls_areAllAnswered() {
        ToolRunner runner = runner(LONG, 100, new FakeTool("t", a -> "4"));
        for (int i = 0; i < 500; i++) {
            assertThat(run(runner, call("t")).failed()).as("call %s", i).isFalse();
        }
    }

    @Test
    void run_ofAnInterruptedThread_isCancelled() {
        ToolRunner runner = runner(LONG, 100, new FakeTool("t", a -> {
            Thread.sleep(LONG.toMillis());
            return "";
        }));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> run(runner, call("t"))).isInstanceOf(CancellationException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void schemas_areThoseOfFunctions() {
        assertThat(runner(LONG, 1, new FakeTool("t", a -> "")).schemas())
                .containsExactly(Map.of(
                        "type",
                        "function",
                        "function",
                        Map.of(
                                "name",
                                "t",
                                "description",
                                "answers t",
                                "parameters",
                                Map.of("type", "object", "properties", Map.of("a", Map.of("type", "integer"))))));
    }

    @Test
    void toolsThatAreNotAsTheyMustBe_areRefused() {
        assertThatThrownBy(() -> runner(LONG, 1))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("expected at least 1");
        assertThatThrownBy(() -> runner(LONG, 1, new FakeTool("a b", a -> "")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("name: expected 1 to 64 letters, digits, _ and -, found a b");
        assertThatThrownBy(() -> runner(LONG, 1, new FakeTool("t", a -> ""), new FakeTool("t", a -> "")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("expected one that no other tool has, found t");
        assertThatThrownBy(() -> new ToolRunner(List.of(new NoObject()), LONG, 1))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("parameters: expected a JSON schema with \"type\": \"object\", found {}");
    }

    private static final class NoObject implements Tool {
        @Override
        public String name() {
            return "t";
        }

        @Override
        public String description() {
            return "d";
        }

        @Override
        public Map<String, Object> parameters() {
            return Map.of();
        }

        @Override
        public String call(Map<String, Object> arguments) {
            return "";
        }
    }
}
