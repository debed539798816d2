package ai.preceptor.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.DistillOptions;
import ai.preceptor.distill.TokenRow;
import ai.preceptor.distill.TopTokenTeacher;
import ai.preceptor.distill.TopTokenTeacherContract;
import ai.preceptor.lm.TopTokens;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.teacher.ledger.CallLedger;
import ai.preceptor.teacher.served.ServedTopTokens;
import ai.preceptor.teacher.served.client.ServedTeacher;
import ai.preceptor.teacher.served.client.ServerOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** This server as a teacher whose top tokens a student learns. */
class ServedTopTokensTest extends TopTokenTeacherContract {
    private static final int K = 5;

    private final ServedTiny tiny = ServedTiny.start();
    private final CallLedger ledger = CallLedger.inMemory();
    private final ServedTeacher teacher =
            new ServedTeacher(ServerOptions.of(tiny.server.url(), ServedTiny.NAME), ledger, new SimpleMeterRegistry());

    @AfterEach
    void close() {
        teacher.close();
        ledger.close();
        tiny.close();
    }

    @Override
    protected TopTokenTeacher teacher() {
        return DistillOptions.served(
                new ServedTopTokens(teacher, 512, id -> tiny.student.encoder().decode(new int[] {id}, false)), "tiny");
    }

    @Override
    protected int vocabulary() {
        return 512;
    }

    @Test
    void topTokens_areThoseOfTheModelHere() {
        Random random = new Random(5);
        List<TokenRow> rows = IntStream.range(0, 5)
                .mapToObj(i -> new TokenRow(
                        random.ints(2 + i, 0, 512).toArray(),
                        random.ints(3 + i, 0, 512).toArray(),
                        learnt(3 + i)))
                .toList();
        teacher().check();
        List<TopTokens> found = teacher().topTokens(rows, K);
        for (int i = 0; i < rows.size(); i++) {
            PackedBatch.Builder builder = PackedBatch.builder();
            rows.get(i).packInto(builder);
            TopTokens local = tiny.student.model().topTokens(builder.build(), K, 1);
            assertThat(found.get(i).ids()).containsExactly(local.ids());
            assertThat(found.get(i).logprobs()).containsExactly(local.logprobs(), within(1e-5f));
        }
    }

    /** All but the first token. */
    private static boolean[] learnt(int length) {
        boolean[] learnt = new boolean[length];
        for (int i = 1; i < length; i++) {
            learnt[i] = true;
        }
        return learnt;
    }
}
