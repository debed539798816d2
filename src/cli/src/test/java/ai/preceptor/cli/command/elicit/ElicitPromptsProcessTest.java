package ai.preceptor.cli.command.elicit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.ProgramProcess;
import ai.preceptor.testkit.ServedReply;
import ai.preceptor.testkit.TeacherServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real program as a process of its own, killed while it makes prompts. */
class ElicitPromptsProcessTest {
    private static final int KILLED = 137;
    private static final int CALLS_BEFORE = 20;
    private static final int CONCURRENCY = 4;

    @TempDir
    private Path directory;

    private ProgramProcess start(TeacherServer server, String run, String name, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "elicit",
                "kind=prompts",
                "method=evolve",
                "rounds=2",
                "device=cpu",
                "data=" + directory.resolve("seeds.jsonl"),
                "output=" + directory.resolve(run),
                "teacher_url=" + server.url(),
                "teacher_model=writer",
                "teacher_concurrency=" + CONCURRENCY,
                "max_new_tokens=60"));
        arguments.addAll(List.of(more));
        return ProgramProcess.start(directory.resolve(name + ".log"), List.of(), arguments);
    }

    @Test
    void run_killedInTheMiddle_endsLikeOneThatWasNot() throws Exception {
        PromptScript.seeds(directory);
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch killed = new CountDownLatch(1);
        try (TeacherServer clean = TeacherServer.start(PromptScript::reply);
                TeacherServer server = TeacherServer.start(call -> {
                    if (call.number() < CALLS_BEFORE || killed.getCount() == 0) {
                        return PromptScript.reply(call);
                    }
                    return held(call, held, killed);
                })) {
            ProgramProcess whole = start(clean, "whole", "whole");
            assertThat(whole.end()).as(whole.output()).isZero();
            ProgramProcess first = start(server, "run", "first");
            held.await();
            first.process().destroyForcibly();
            assertThat(first.end()).as(first.output()).isEqualTo(KILLED);
            killed.countDown();
            ProgramProcess second = start(server, "run", "second", "resume=true");
            assertThat(second.end()).as(second.output()).isZero();
            assertThat(server.calls().size() - clean.calls().size())
                    .as("only what was in flight is asked again")
                    .isBetween(1, CONCURRENCY);
        }
        for (String file : List.of("prompts.jsonl", "dropped.jsonl")) {
            assertThat(directory.resolve("run/" + file)).hasSameTextualContentAs(directory.resolve("whole/" + file));
        }
    }

    /** A reply that does not come before the program is killed. */
    private static ServedReply held(TeacherServer.Call call, CountDownLatch held, CountDownLatch killed) {
        return connection -> {
            held.countDown();
            killed.await();
            PromptScript.reply(call).to(connection);
        };
    }
}
