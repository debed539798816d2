package ai.preceptor.cli.command;

import java.util.Map;

/** For each command the fewest keys that make a configuration of it, with values that the program includes. */
final class ExampleValues {
    private static final String STUDENT = "embedded:student";
    private static final String TEACHER = "embedded:teacher";
    private static final String PROMPTS = "embedded:prompts";
    private static final String MODEL = "model";
    private static final String DATA = "data";
    private static final String OUTPUT = "output";

    private static final Map<String, Map<String, String>> ALL = Map.ofEntries(
            Map.entry("elicit", Map.of(MODEL, STUDENT, "teacher", TEACHER, DATA, PROMPTS)),
            Map.entry("curate", Map.of(DATA, PROMPTS)),
            Map.entry("sft", Map.of(MODEL, STUDENT, DATA, PROMPTS)),
            Map.entry("distill", Map.of(MODEL, STUDENT, "teacher", TEACHER, DATA, PROMPTS)),
            Map.entry("reward", Map.of(MODEL, STUDENT, DATA, PROMPTS)),
            Map.entry("rank", Map.of(MODEL, STUDENT, DATA, PROMPTS)),
            Map.entry(
                    "policy", Map.of(MODEL, STUDENT, "rule", "brevity", DATA, PROMPTS, "max_completion_length", "64")),
            Map.entry("worker", Map.of(MODEL, STUDENT)),
            Map.entry("eval", Map.of(MODEL, STUDENT, "teacher", TEACHER, "baseline", STUDENT, DATA, PROMPTS)),
            Map.entry("compare", Map.of("runs", "[.]")),
            Map.entry("generate", Map.of(MODEL, STUDENT, DATA, PROMPTS, OUTPUT, "answers.jsonl")),
            Map.entry("serve", Map.of(MODEL, STUDENT)),
            Map.entry("logprobs", Map.of(MODEL, STUDENT, DATA, PROMPTS, OUTPUT, "logprobs.jsonl")),
            Map.entry("score", Map.of(MODEL, STUDENT, DATA, PROMPTS, OUTPUT, "scores.jsonl")),
            Map.entry("forward", Map.of(MODEL, STUDENT, "inputs", PROMPTS, OUTPUT, "outputs.safetensors")),
            Map.entry("render", Map.of(MODEL, STUDENT, DATA, PROMPTS, OUTPUT, "inputs.jsonl")),
            Map.entry("convert", Map.of(MODEL, STUDENT, OUTPUT, "converted")),
            Map.entry("plan", Map.of(MODEL, STUDENT, "method", "rank")));

    private ExampleValues() {}

    /** Values by key; empty for a command that needs none. */
    static Map<String, String> of(String command) {
        return ALL.getOrDefault(command, Map.of());
    }
}
