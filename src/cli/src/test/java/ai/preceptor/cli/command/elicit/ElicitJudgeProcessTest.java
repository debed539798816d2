package ai.preceptor.cli.command.elicit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.ProgramProcess;
import ai.preceptor.testkit.Golden;
import ai.preceptor.testkit.JudgeScript;
import ai.preceptor.testkit.ServedReply;
import ai.preceptor.testkit.TeacherServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real program as a process of its own, killed while a served teacher ranks answers; the other modes are in-process tests. */
class ElicitJudgeProcessTest {
    private static final int KILLED = 137;
    private static final int PROMPTS = 40;

    /** In the second batch of prompts. */
    private static final int CALLS_BEFORE = 22;

    private static final int CONCURRENCY = 4;

    @TempDir
    private Path directory;

    private ProgramProcess start(TeacherServer server, String run, String name, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "elicit",
                "device=cpu",
                "model=" + Golden.dir("tiny-chat"),
                "data=" + directory.resolve("prompts.jsonl"),
                "output=" + directory.resolve(run),
                "max_new_tokens=4",
                "num_generations=3",
                "teacher_mode=rank",
                "teacher_url=" + server.url(),
                "teacher_model=judge-1",
                "teacher_concurrency=" + CONCURRENCY));
        arguments.addAll(List.of(more));
        return ProgramProcess.start(directory.resolve(name + ".log"), List.of(), arguments);
    }

    @Test
    void run_killedWhileItJudges_endsLikeOneThatWasNot() throws Exception {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < PROMPTS; i++) {
            rows.append("{\"prompt\": [{\"role\": \"user\", \"content\": \"Say number ")
                    .append(i)
                    .append("\"}]}\n");
        }
        Files.writeString(directory.resolve("prompts.jsonl"), rows);
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch killed = new CountDownLatch(1);
        try (TeacherServer clean = TeacherServer.start(JudgeScript.RANK::good);
                TeacherServer server =
                        TeacherServer.start(call -> call.number() < CALLS_BEFORE || killed.getCount() == 0
                                ? JudgeScript.RANK.good(call)
                                : held(call, held, killed))) {
            ProgramProcess whole = start(clean, "whole", "whole");
            assertThat(whole.end()).as(whole.output()).isZero();
            ProgramProcess first = start(server, "run", "first");
            held.await();
            first.process().destroyForcibly();
            assertThat(first.end()).as(first.output()).isEqualTo(KILLED);
            int before = server.calls().size();
            killed.countDown();
            ProgramProcess second = start(server, "run", "second", "resume=true");
            assertThat(second.end()).as(second.output()).isZero();
            Map<String, Long> times = server.calls().stream()
                    .collect(Collectors.groupingBy(TeacherServer.Call::question, Collectors.counting()));
            assertThat(times.keySet())
                    .isEqualTo(clean.calls().stream()
                            .map(TeacherServer.Call::question)
                            .collect(Collectors.toSet()));
            assertThat(times.values()).allMatch(count -> count <= 2);
            assertThat(times.values().stream().filter(count -> count == 2).count())
                    .as("only what was in flight is asked again")
                    .isBetween(1L, (long) CONCURRENCY);
            assertThat(before).isLessThan(times.size());
        }
        for (String file : List.of("ranked.jsonl", "preferences.jsonl")) {
            assertThat(directory.resolve("run/" + file)).hasSameTextualContentAs(directory.resolve("whole/" + file));
        }
    }

    /** A reply that does not come before the program is killed. */
    private static ServedReply held(TeacherServer.Call call, CountDownLatch held, CountDownLatch killed) {
        return connection -> {
            held.countDown();
            killed.await();
            JudgeScript.RANK.good(call).to(connection);
        };
    }
}
