package ai.preceptor.lm.tool;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.tool.Tool;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tools, one call at a time, each on a thread of its own and for a bounded time. Whatever a tool throws becomes a text
 * for the model. A tool of which {@value #MOST_HANGING} calls do not end although they were interrupted is not called
 * before one of them does. Safe to use from several threads.
 */
public final class ToolRunner {
    /** Calls of one tool that may hang at once; each keeps a thread. */
    static final int MOST_HANGING = 4;

    /** Characters that JSON writes for one, at most. */
    private static final int LONGEST_ESCAPE = 6;

    private static final Logger LOG = LoggerFactory.getLogger(ToolRunner.class);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final JsonMapper JSON = new JsonMapper();

    private final Map<String, Tool> tools = new LinkedHashMap<>();
    private final Map<String, AtomicInteger> hanging = new LinkedHashMap<>();
    private final List<Map<String, Object>> schemas = new ArrayList<>();
    private final Duration timeout;
    private final int maxOutput;
    private final CallQueue queue = new CallQueue();

    /**
     * A runner of tools, which stay their owner's.
     *
     * @param tools at least one, of different names
     * @param timeout of a call
     * @param maxOutput characters of an output
     * @throws ConfigurationException naming the tool whose name, description or schema is not as {@link Tool} says
     */
    public ToolRunner(List<? extends Tool> tools, Duration timeout, int maxOutput) {
        if (tools.isEmpty()) {
            throw new ConfigurationException("tools: expected at least 1, found none");
        }
        for (Tool tool : tools) {
            String name = tool.name();
            if (name == null || !NAME.matcher(name).matches()) {
                throw refused(tool, "name", "1 to 64 letters, digits, _ and -", name);
            }
            if (this.tools.put(name, tool) != null) {
                throw refused(tool, "name", "one that no other tool has", name);
            }
            hanging.put(name, new AtomicInteger());
            schemas.add(schema(tool));
        }
        this.timeout = timeout;
        this.maxOutput = maxOutput;
    }

    private static Map<String, Object> schema(Tool tool) {
        String description = tool.description();
        if (description == null || description.isBlank()) {
            throw refused(tool, "description", "a text for the model to read", description);
        }
        Map<String, Object> parameters = tool.parameters();
        if (parameters == null || !"object".equals(parameters.get("type"))) {
            throw refused(tool, "parameters", "a JSON schema with \"type\": \"object\"", parameters);
        }
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", tool.name());
        function.put("description", description);
        try {
            function.put("parameters", JSON.readValue(JSON.writeValueAsString(parameters), Object.class));
        } catch (JsonProcessingException e) {
            throw refused(tool, "parameters", "values that JSON has", e.getOriginalMessage());
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "function");
        schema.put("function", function);
        return schema;
    }

    private static ConfigurationException refused(Tool tool, String what, String expected, @Nullable Object found) {
        return new ConfigurationException(
                "tools: " + tool.getClass().getName() + ": " + what + ": expected " + expected + ", found " + found);
    }

    /** Longest time of one call. */
    Duration timeout() {
        return timeout;
    }

    /** All tools in OpenAI's schema of functions, as chat templates take them. */
    public List<Map<String, Object>> schemas() {
        return List.copyOf(schemas);
    }

    /**
     * What a call gives the model to read.
     *
     * @param name of the tool, as the model wrote it
     * @param text its output, or an error as a JSON object
     * @param failed whether it is an error
     */
    public record Output(String name, String text, boolean failed) {}

    /**
     * Answers a call, after those of other threads that came before it.
     *
     * @param stepped told whenever one of those ends, on this thread
     * @throws CancellationException if the thread is interrupted
     */
    public Output run(ToolCall call, Runnable stepped) {
        try {
            queue.enter(stepped);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("tool " + call.name() + ": interrupted");
        }
        try {
            return answer(call);
        } finally {
            queue.leave();
        }
    }

    private Output answer(ToolCall call) {
        if (call.problem() != null) {
            return failure("unknown", call.problem());
        }
        Tool tool = tools.get(call.name());
        if (tool == null) {
            return failure("unknown", "there is no tool \"" + call.name() + "\", only " + tools.keySet());
        }
        AtomicInteger hangs = hanging.get(call.name());
        if (hangs == null || hangs.get() >= MOST_HANGING) {
            return failure(call.name(), "the tool is not available");
        }
        return outcome(call.name(), new RunningCall(tool, call, hangs));
    }

    private Output outcome(String name, RunningCall call) {
        try {
            call.thread.start();
            String text = call.task.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return text == null ? failure(name, "the tool returned nothing") : new Output(name, bounded(text), false);
        } catch (TimeoutException e) {
            call.abandon();
            LOG.warn("tool {}: no answer after {} s", name, timeout.toMillis() * 1e-3);
            return failure(name, "no answer in time");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            LOG.debug("tool {} failed", name, cause);
            String message = cause.getMessage();
            return failure(name, message == null ? cause.getClass().getSimpleName() : message);
        } catch (InterruptedException e) {
            call.abandon();
            Thread.currentThread().interrupt();
            throw new CancellationException("tool " + name + ": interrupted");
        }
    }

    private Output failure(String name, String message) {
        String kept = bounded(message);
        String json = error(kept);
        while (json.length() > maxOutput && !kept.isEmpty()) {
            int cut = (json.length() - maxOutput + LONGEST_ESCAPE - 1) / LONGEST_ESCAPE;
            kept = bounded(kept.substring(0, Math.max(0, kept.length() - cut)));
            json = error(kept);
        }
        return new Output(name, json, true);
    }

    private static String error(String message) {
        try {
            return JSON.writeValueAsString(Map.of("error", message));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a string is JSON", e);
        }
    }

    /** Cut, and without halves of surrogate pairs, which no UTF-8 can spell. */
    private String bounded(String text) {
        StringBuilder sound = new StringBuilder();
        int unit;
        int end = Math.min(text.length(), maxOutput);
        for (int i = 0; i < end; i += Character.charCount(unit)) {
            unit = text.codePointAt(i);
            boolean half = unit >= Character.MIN_SURROGATE && unit <= Character.MAX_SURROGATE;
            sound.appendCodePoint(half ? '\ufffd' : unit);
        }
        return sound.toString();
    }

    /** One call on a thread of its own. */
    private static final class RunningCall {
        private final FutureTask<@Nullable String> task;
        private final Thread thread;
        private final AtomicInteger hanging;
        private boolean ended;
        private boolean abandoned;

        RunningCall(Tool tool, ToolCall call, AtomicInteger hanging) {
            this.task = new FutureTask<>(() -> tool.call(call.arguments()));
            this.hanging = hanging;
            this.thread = new Thread(this::run, "tool-" + call.name());
            thread.setDaemon(true);
        }

        private void run() {
            try {
                task.run();
            } finally {
                end();
            }
        }

        private synchronized void end() {
            ended = true;
            if (abandoned) {
                hanging.decrementAndGet();
            }
        }

        /** Asks it to end, and counts it as long as it does not. */
        synchronized void abandon() {
            thread.interrupt();
            if (!ended) {
                abandoned = true;
                hanging.incrementAndGet();
            }
        }
    }
}
