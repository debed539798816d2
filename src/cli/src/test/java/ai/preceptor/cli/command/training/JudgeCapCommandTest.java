package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.testkit.Golden;
import ai.preceptor.testkit.JudgeScript;
import ai.preceptor.testkit.ServedReply;
import ai.preceptor.testkit.TeacherServer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every mode of judging in {@code elicit}, with a bad server and too little money. */
class JudgeCapCommandTest {
    private static final List<String> RESULTS = List.of("ranked.jsonl", "preferences.jsonl");
    private static final int PAID = 3;

    @TempDir
    Path directory;

    private CommandRun elicit(JudgeScript script, TeacherServer server, String output, String... more)
            throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            rows.append(String.format(
                    Locale.ROOT,
                    "{\"prompt\": [{\"role\": \"user\", \"content\": \"Say number %d\"}], \"rubrics\": [{\"criterion\":"
                            + " \"Is short.\", \"points\": 2}, {\"criterion\": \"Is rude.\", \"points\": -1}]}%n",
                    i));
        }
        List<String> arguments = new ArrayList<>(List.of(
                "elicit",
                "model=" + Golden.dir("tiny-chat"),
                "data=" + Files.writeString(directory.resolve("prompts.jsonl"), rows),
                "output=" + directory.resolve(output),
                "max_new_tokens=4",
                "num_generations=3",
                "teacher_url=" + server.url(),
                "teacher_model=judge-1",
                "teacher_mode=" + script.name().toLowerCase(Locale.ROOT),
                "completion_price=1000"));
        arguments.addAll(Arrays.asList(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    /** Questions of one prompt get replies that must not count. */
    private static ServedReply reply(JudgeScript script, TeacherServer.Call call) {
        if (!call.question().contains("Say number 3")) {
            return script.good(call);
        }
        List<ServedReply> bad = script.bad(call);
        return bad.get(Math.floorMod(call.question().hashCode(), bad.size()));
    }

    private JsonNode summary(String output) throws IOException {
        return new ObjectMapper()
                .readTree(directory.resolve(output).resolve("summary.json").toFile());
    }

    @ParameterizedTest
    @EnumSource(JudgeScript.class)
    void aRunThatStoppedAtTheCap_goesOnWithAHigherOne_toTheResultsOfOneThatDidNot(JudgeScript script)
            throws IOException {
        Set<String> throttled = ConcurrentHashMap.newKeySet();
        try (TeacherServer clean = TeacherServer.start(call -> reply(script, call));
                TeacherServer server =
                        TeacherServer.start(call -> throttled.size() < 2 && throttled.add(call.question())
                                ? ServedReply.error(429, Map.of("retry-after-ms", "1"), "slow down")
                                : reply(script, call))) {
            CommandRun whole = elicit(script, clean, "whole", "max_cost=100");
            assertThat(whole.code()).as(whole.err()).isEqualTo(ExitCode.DONE);
            assertThat(summary("whole").path("judge/undecided").doubleValue()).isBetween(0.01, 0.5);
            // a reply of 512 tokens is reserved and one of 10 comes, at 0.001 each; a label has 1 token
            CommandRun capped =
                    elicit(script, server, "run", "max_cost=" + (script.readsLabels() ? "0.0035" : "0.535"));
            assertThat(capped.code()).as(capped.err()).isEqualTo(ExitCode.INTERRUPTED);
            assertThat(capped.err()).contains("max_cost: ", "resume=true");
            assertThat(server.calls().size() - throttled.size()).isEqualTo(PAID);
            CommandRun rest = elicit(script, server, "run", "max_cost=100", "resume=true");
            assertThat(rest.code()).as(rest.err()).isEqualTo(ExitCode.DONE);
            assertThat(server.calls().size() - throttled.size())
                    .as("no question is paid twice")
                    .isEqualTo(clean.calls().size());
            for (String file : RESULTS) {
                assertThat(directory.resolve("run").resolve(file))
                        .hasSameTextualContentAs(directory.resolve("whole").resolve(file));
            }
            for (String figure : List.of("teacher/calls", "teacher/cost", "judge/undecided", "judge/questions")) {
                assertThat(summary("run").path(figure))
                        .as(figure)
                        .isEqualTo(summary("whole").path(figure));
            }
        }
    }
}
