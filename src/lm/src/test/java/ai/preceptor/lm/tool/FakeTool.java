package ai.preceptor.lm.tool;

import ai.preceptor.data.tool.Tool;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A tool that does what a test says. */
record FakeTool(String name, Answering answering) implements Tool {
    /** Answers a call. */
    interface Answering {
        @Nullable
        String of(Map<String, @Nullable Object> arguments) throws Exception;
    }

    @Override
    public String description() {
        return "answers " + name;
    }

    @Override
    public Map<String, Object> parameters() {
        return Map.of("type", "object", "properties", Map.of("a", Map.of("type", "integer")));
    }

    @Override
    public String call(Map<String, @Nullable Object> arguments) throws Exception {
        return answering.of(arguments);
    }
}
