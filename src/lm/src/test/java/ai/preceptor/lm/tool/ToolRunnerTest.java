package ai.preceptor.lm.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.tool.Tool;
import ai.preceptor.lm.tool.ToolRunner.Output;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ToolRunnerTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    private static ToolRunner runner(Duration timeout, int most, FakeTool... tools) {
        return new ToolRunner(List.of(tools), timeout, most);
    }

    private static ToolCall call(String name) {
        return new ToolCall(name, Map.of("a", 1));
    }

    @Test
    void run_givesTheOutput_cutAtItsBound_withoutHalvesOfPairs() {
        ToolRunner runner =
                runner(LONG, 4, new FakeTool("t", a -> "x\ud800yzzz"), new FakeTool("u", a -> "abc\ud83d\ude00"));
        assertThat(runner.run(call("t"))).isEqualTo(new Output("t", "x\ufffdyz", false));
        assertThat(runner.run(call("u")).text()).isEqualTo("abc\ud83d\ude00");
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
        assertThat(runner.run(call("checked")))
                .isEqualTo(new Output("checked", "{\"error\":\"no \\\"luck\\\"\"}", true));
        assertThat(runner.run(call("deep")).text()).isEqualTo("{\"error\":\"StackOverflowError\"}");
        assertThat(runner.run(call("nothing")).text()).isEqualTo("{\"error\":\"the tool returned nothing\"}");
    }

    @Test
    void run_ofMalformedAndUnknownCalls_callsNothing() {
        AtomicInteger called = new AtomicInteger();
        ToolRunner runner = runner(LONG, 100, new FakeTool("t", a -> "" + called.incrementAndGet()));
        assertThat(runner.run(ToolCall.malformed("no JSON")).text()).isEqualTo("{\"error\":\"no JSON\"}");
        assertThat(runner.run(call("other")).text())
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
            assertThat(runner.run(call("t")).text()).isEqualTo("{\"error\":\"no answer in time\"}");
        }
        assertThat(runner.run(call("t")).text()).isEqualTo("{\"error\":\"the tool is not available\"}");
        released.countDown();
        Output output = runner.run(call("t"));
        for (int i = 0; i < 2000 && output.failed(); i++) {
            Thread.sleep(5);
            output = runner.run(call("t"));
        }
        assertThat(output.text()).isEqualTo("late");
    }

    /** Calls that follow each other at once do not count as hanging. */
    @Test
    void run_quickCalls_areAllAnswered() {
        ToolRunner runner = runner(LONG, 100, new FakeTool("t", a -> "4"));
        for (int i = 0; i < 500; i++) {
            assertThat(runner.run(call("t")).failed()).as("call %s", i).isFalse();
        }
    }

    @Test
    void run_ofAnInterruptedThread_isCancelled() {
        ToolRunner runner = runner(LONG, 100, new FakeTool("t", a -> {
            Thread.sleep(LONG.toMillis());
            return "";
        }));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> runner.run(call("t"))).isInstanceOf(CancellationException.class);
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
