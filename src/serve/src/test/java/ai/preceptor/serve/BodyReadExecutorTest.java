package ai.preceptor.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.serve.request.ApiException;
import ai.preceptor.serve.request.ApiRequest;
import ai.preceptor.serve.request.ApiRequest.ReplyOptions;
import ai.preceptor.serve.request.BodyReader.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

class BodyReadExecutorTest {
    private static final int LONG = BodyReadExecutor.SHORT + 1;
    private static final ApiRequest READ = new ApiRequest(
            List.of(new int[] {1}), 1, SamplingOptions.greedy(1), new ReplyOptions(false, false, false, 0, null));

    private final Semaphore go = new Semaphore(0);
    private final List<Integer> begun = new CopyOnWriteArrayList<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();

    private BodyReadExecutor.Reading submit(BodyReadExecutor readers, int length, int number) {
        byte[] body = new byte[length];
        body[0] = (byte) number;
        return readers.submit(Kind.CHAT, body, new BodyReadExecutor.Listener() {
            @Override
            public void read(ApiRequest request) {
                heard.add("read " + number);
            }

            @Override
            public void failed(Throwable failure) {
                heard.add(failure.getMessage() + " " + number);
            }
        });
    }

    private BodyReadExecutor readers(int longOnes) {
        return new BodyReadExecutor(
                (kind, body, between) -> {
                    begun.add((int) body[0]);
                    if (body.length >= LONG) {
                        go.acquireUninterruptibly();
                    }
                    between.run();
                    if (body[0] == 13) {
                        throw new StackOverflowError("too deep");
                    }
                    return READ;
                },
                (long) longOnes * LONG);
    }

    @Test
    void shortOnes_passLongOnes_andEachLaneKeepsItsOrder() {
        try (BodyReadExecutor readers = readers(8)) {
            for (int i = 0; i < 4; i++) {
                submit(readers, LONG, i);
            }
            submit(readers, BodyReadExecutor.SHORT, 10);
            submit(readers, 1, 11);
            ServedTiny.until(() -> heard.size() == 2);
            assertThat(heard).containsExactly("read 10", "read 11");
            go.release(4);
            ServedTiny.until(() -> heard.size() == 6);
            assertThat(heard.subList(2, 6)).containsExactly("read 0", "read 1", "read 2", "read 3");
        }
    }

    @Test
    void longOnes_thatWaitAreBounded_andWhatIsDroppedMakesRoom() {
        try (BodyReadExecutor readers = readers(3)) {
            submit(readers, LONG, 0);
            ServedTiny.until(() -> begun.size() == 1);
            List<BodyReadExecutor.Reading> waiting = new ArrayList<>();
            for (int i = 1; i <= 3; i++) {
                waiting.add(submit(readers, LONG, i));
            }
            assertThatThrownBy(() -> submit(readers, LONG, 4))
                    .isInstanceOfSatisfying(
                            ApiException.class, e -> assertThat(e.status()).isEqualTo(429))
                    .hasMessageContaining(
                            "expected at most " + 3 * LONG + " bytes of long bodies that wait to be read");
            waiting.get(1).drop();
            waiting.get(1).drop();
            submit(readers, LONG, 5);
            assertThatThrownBy(() -> submit(readers, LONG, 6)).isInstanceOf(ApiException.class);
            go.release(9);
            ServedTiny.until(() -> heard.size() == 4);
            assertThat(begun).containsExactly(0, 1, 3, 5);
        }
    }

    @Test
    void whatIsDroppedWhileItIsRead_isNotHeardOf_andAnErrorEndsNoLane() {
        try (BodyReadExecutor readers = readers(8)) {
            BodyReadExecutor.Reading first = submit(readers, LONG, 0);
            ServedTiny.until(() -> begun.size() == 1);
            first.drop();
            submit(readers, LONG, 13);
            submit(readers, LONG, 2);
            go.release(3);
            ServedTiny.until(() -> heard.size() == 2);
            assertThat(heard).containsExactly("too deep 13", "read 2");
        }
    }
}
