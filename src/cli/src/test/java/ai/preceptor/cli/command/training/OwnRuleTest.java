package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.cli.plugin.JarFixture;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code rule} as a user's own source file or class, through the commands that take one. */
class OwnRuleTest {
    private static final Path STUDENT = Golden.dir("tiny-chat");
    private static final String RULE = """
            import ai.preceptor.data.Answer;
            import java.util.function.ToDoubleFunction;

            public class MyReward implements ToDoubleFunction<Answer> {
                @Override
                public double applyAsDouble(Answer answer) {
                    %s
                }
            }
            """;

    @TempDir
    Path directory;

    @Test
    void policy_sourceFile_isCompiledAndUsed_andItsRunKeepsIt() throws IOException {
        String source = rule("return answer.text().asString().length();");
        Path file = write("MyReward.java", source);
        CommandRun run = policy("run", "rule=" + file, "max_steps=2", "save_steps=1");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        Path output = directory.resolve("run");
        for (JsonNode sample : CommandRun.rows(output.resolve("samples.jsonl"))) {
            int length = sample.path("completion").textValue().length();
            assertThat(sample.path("score").doubleValue()).isEqualTo(length);
        }
        assertThat(CommandRun.rows(output.resolve("metrics.jsonl")))
                .allMatch(step -> step.has("rewards/rule:MyReward/mean"));
        assertThat(output.resolve("plugins/MyReward.java")).hasContent(source);
        assertThat(output.resolve("config.yaml"))
                .content()
                .startsWith("# rule: MyReward.java (SHA-256 ")
                .contains("rule: \"" + file + "\"");

        Files.writeString(file, source.replace(".length()", ".length() + 1"));
        CommandRun changed = policy("run", "rule=" + file, "max_steps=3", "resume=true");
        assertThat(changed.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(changed.err()).contains("rule: was MyReward.java (SHA-256 ", ", is MyReward.java (SHA-256 ");
        assertThat(output.resolve("plugins/MyReward.java")).hasContent(source);

        Files.createDirectory(directory.resolve("elsewhere"));
        Path moved = write("elsewhere/MyReward.java", source);
        CommandRun resumed = policy("run", "rule=" + moved, "max_steps=3", "resume=true");
        assertThat(resumed.code()).as(resumed.err()).isEqualTo(ExitCode.DONE);
        assertThat(CommandRun.rows(output.resolve("metrics.jsonl"))).hasSize(3);
    }

    @Test
    void policy_errorsOfTheCompiler_areToldWithAllOthers_beforeAnythingElse() throws IOException {
        Path file = write("MyReward.java", rule("Strin text = answer.tex();\n        return 1;"));
        CommandRun run = policy("run", "rule=" + file, "batch_size=0");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains(
                        "command line: rule: " + file + ":7:9: cannot find symbol; symbol: class Strin",
                        "command line: rule: " + file + ":7:28: cannot find symbol; symbol: method tex()",
                        "command line: batch_size: expected");
        assertThat(directory.resolve("run")).doesNotExist();
    }

    /** For single answers they are unscored; if it fails for all, the run ends. */
    @Test
    void elicit_ruleThatThrows_isToldWithFileAndLine_notAsADefect() throws IOException {
        Path file = write("MyReward.java", rule("throw new IllegalStateException(\"no idea\");"));
        CommandRun run = elicit("rule=" + file);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.TEACHER_FAILED);
        assertThat(run.err())
                .contains("rule:MyReward", "MyReward.java:7: java.lang.IllegalStateException: no idea")
                .doesNotContain("defect", "OwnCodeException");
    }

    /** The model's weights cannot be read, so a command that loaded it first would say that instead. */
    @ParameterizedTest
    @CsvSource({"policy, rule", "elicit, rule", "eval, rule", "rank, loss"})
    void constructorThatThrows_isToldBeforeAModelLoads(String command, String key) throws IOException {
        Path file = write("Failing.java", """
                import ai.preceptor.data.Answer;
                import ai.preceptor.ranking.pair.*;
                import java.util.List;

                public class Failing implements PairLoss, java.util.function.ToDoubleFunction<Answer> {
                    public Failing() { Integer.parseInt("x"); }
                    public String name() { return "failing"; }
                    public boolean needsReference() { return false; }
                    public List<PairTerm> terms(List<AnswerPair> pairs) { return List.of(); }
                    public double applyAsDouble(Answer answer) { return 0; }
                }
                """);
        Path broken = Files.createDirectory(directory.resolve("broken"));
        for (String name : List.of("config.json", "tokenizer.json", "tokenizer_config.json", "chat_template.jinja")) {
            Files.copy(STUDENT.resolve(name), broken.resolve(name));
        }
        Files.writeString(broken.resolve("model.safetensors"), "no weights");
        List<String> arguments = new ArrayList<>(List.of(command, "model=" + broken, key + "=" + file));
        arguments.addAll(List.of("data=" + Golden.file("pairs.jsonl"), "output=" + directory.resolve("run")));
        if (command.equals("eval")) {
            arguments.add("baseline=" + broken);
        } else if (command.equals("policy")) {
            arguments.add("max_completion_length=8");
        }
        CommandRun run = CommandRun.of(arguments.toArray(String[]::new));
        assertThat(run.err()).contains("its constructor failed: Failing.java:6: java.lang.NumberFormatException");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
    }

    @Test
    void elicit_classOfAJar_prefers_andOtherCodeDoesNotGoOn() throws IOException {
        Path jar = JarFixture.of(directory, "my.jar", "com.example.Longer", longer("length()"));
        assertThat(elicit("rule=com.example.Longer", "plugins=" + jar).code()).isEqualTo(ExitCode.DONE);
        for (JsonNode row : CommandRun.rows(directory.resolve("elicited/preferences.jsonl"))) {
            assertThat(content(row, "chosen").length())
                    .isGreaterThan(content(row, "rejected").length());
        }
        Path other = JarFixture.of(
                Files.createDirectory(directory.resolve("2")), "my.jar", "com.example.Longer", longer("hashCode()"));
        CommandRun changed = elicit("rule=com.example.Longer", "plugins=" + other, "resume=true");
        assertThat(changed.code()).as(changed.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
    }

    @Test
    void run_recipe_refusesAFinishedStageOfAnotherSource() throws IOException {
        Path file = write("MyReward.java", rule("return answer.text().asString().length();"));
        Path recipe = write(
                "recipe.yaml", """
                output: %s
                rule: %s
                model: %s
                data: %s
                max_rows: 4
                device: cpu
                max_new_tokens: 4
                stages:
                  sample:
                    command: elicit
                  judge:
                    command: eval
                """.formatted(directory.resolve("recipe"), file, STUDENT, Golden.file("pairs.jsonl")));
        CommandRun run = CommandRun.exactly("run", recipe.toString());
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(directory.resolve("recipe/sample/plugins/MyReward.java")).exists();
        Files.writeString(file, rule("return 1;"));
        CommandRun changed = CommandRun.exactly("run", recipe.toString(), "resume=true");
        assertThat(changed.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(changed.err()).contains("stage sample", "rule: was MyReward.java (SHA-256 ");
    }

    private static String content(JsonNode row, String which) {
        JsonNode value = row.path(which);
        return value.isTextual()
                ? value.textValue()
                : value.path(value.size() - 1).path("content").textValue();
    }

    private static String longer(String score) {
        return """
                package com.example;

                public class Longer implements java.util.function.ToDoubleFunction<ai.preceptor.data.Answer> {
                    @Override
                    public double applyAsDouble(ai.preceptor.data.Answer answer) {
                        return answer.text().asString().%s;
                    }
                }
                """.formatted(score);
    }

    private static String rule(String body) {
        return RULE.formatted(body);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private CommandRun elicit(String... more) {
        return run("elicit", "output=" + directory.resolve("elicited"), "max_rows=6", "max_new_tokens=8", more);
    }

    private CommandRun policy(String output, String... more) {
        return run(
                "policy", "output=" + directory.resolve(output), "max_completion_length=8", "learning_rate=1e-3", more);
    }

    private static CommandRun run(String command, String first, String second, String third, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of(command, "model=" + STUDENT, "data=" + Golden.file("pairs.jsonl"), first, second, third));
        arguments.addAll(Arrays.asList(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }
}
