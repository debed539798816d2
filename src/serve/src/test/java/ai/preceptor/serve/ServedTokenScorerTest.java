package ai.preceptor.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Trajectory;
import ai.preceptor.data.tokens.TokenScorer;
import ai.preceptor.teacher.BoundedPasses;
import ai.preceptor.teacher.LocalTokenScorer;
import ai.preceptor.teacher.ledger.CallLedger;
import ai.preceptor.teacher.served.ServedTokenScorer;
import ai.preceptor.teacher.served.client.ServedTeacher;
import ai.preceptor.teacher.served.client.ServerOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** This server as a teacher of on-policy distillation. */
class ServedTokenScorerTest {
    @Test
    void logprobs_areThoseOfTheModelHere() {
        Random random = new Random(5);
        List<Trajectory> answers = IntStream.range(0, 6)
                .mapToObj(i -> new Trajectory(
                        Prompt.plain("p"),
                        random.ints(3 + i, 0, 512).toArray(),
                        new Completion("x", random.ints(5 + i, 0, 512).toArray(), new float[5 + i], FinishReason.STOP),
                        i,
                        0,
                        Score.of(0)))
                .toList();
        try (ServedTiny tiny = ServedTiny.start();
                CallLedger ledger = CallLedger.inMemory();
                ServedTeacher teacher = new ServedTeacher(
                        ServerOptions.of(tiny.server.url(), ServedTiny.NAME), ledger, new SimpleMeterRegistry())) {
            TokenScorer served = new ServedTokenScorer(
                    teacher, 512, id -> tiny.student.encoder().decode(new int[] {id}, false));
            served.check(List.of(), 1);
            List<float[]> found = served.logprobs(answers, 1);
            List<float[]> local = new LocalTokenScorer(
                            "local", tiny.student.model()::logprobs, BoundedPasses.DEFAULT_ROWS, 512)
                    .logprobs(answers, 1);
            for (int i = 0; i < answers.size(); i++) {
                assertThat(found.get(i)).containsExactly(local.get(i), within(1e-5f));
            }
            assertThat(teacher.totals().promptTokens()).isEqualTo(64 + (8 + 10 + 12 + 14 + 16 + 18));
        }
    }
}
