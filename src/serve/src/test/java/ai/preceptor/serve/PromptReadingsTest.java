package ai.preceptor.serve;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.lm.RankedTokens;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.serve.request.ApiException;
import ai.preceptor.serve.request.ApiRequest;
import ai.preceptor.serve.request.ApiRequest.ReplyOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** One packed pass at a time, so that a request of many prompts keeps nobody waiting. */
class PromptReadingsTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int TOGETHER = 10;

    private final List<Integer> passes = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private Runnable duringPass = () -> {};
    private final PromptReadings readings = new PromptReadings(
            (prompts, k) -> {
                passes.add(prompts.size() * 100 + prompts.get(0)[0]);
                duringPass.run();
                return Collections.nCopies(
                        prompts.size(), new RankedTokens(k, new float[0], new int[0], new int[0], new float[0]));
            },
            TOGETHER);

    /** Prompts of so many tokens, whose first is the request's number. */
    private PromptReadings.Reading submit(int number, Duration limit, int... lengths) {
        List<int[]> prompts = new ArrayList<>();
        for (int length : lengths) {
            int[] ids = new int[length];
            ids[0] = number;
            prompts.add(ids);
        }
        ApiRequest request =
                new ApiRequest(prompts, 1, SamplingOptions.greedy(1), new ReplyOptions(false, false, false, 0, 0));
        return readings.submit(request, limit, new PromptReadings.Listener() {
            @Override
            public void read(List<RankedTokens> scored) {
                heard.add(number + " has " + scored.size());
            }

            @Override
            public void unread(ApiException problem) {
                heard.add(number + " " + problem.toJson().at("/error/code").asText());
            }
        });
    }

    @Test
    void readNext_makesOnePass_ofWhatFits() {
        submit(1, LONG, 4, 6, 1, 30, 10, 9, 2);
        for (int pass = 1; pass <= 6; pass++) {
            assertThat(readings.isIdle()).isFalse();
            assertThat(heard).isEmpty();
            readings.readNext();
            assertThat(passes).hasSize(pass);
        }
        assertThat(passes).containsExactly(201, 101, 101, 101, 101, 101);
        assertThat(heard).containsExactly("1 has 7");
        assertThat(readings.isIdle()).isTrue();
    }

    @Test
    void requests_takeTurns() {
        submit(1, LONG, 9, 9, 9);
        submit(2, LONG, 9, 9);
        submit(3, LONG, 9);
        for (int i = 0; i < 6; i++) {
            readings.readNext();
        }
        assertThat(passes).containsExactly(101, 102, 103, 101, 102, 101);
        assertThat(heard).containsExactly("3 has 1", "2 has 2", "1 has 3");
    }

    @Test
    void timeout_betweenPasses_endsAll_thatAreLate() throws InterruptedException {
        submit(1, Duration.ofSeconds(1), 9, 9, 9);
        submit(2, LONG, 9);
        submit(3, Duration.ofSeconds(1), 9);
        readings.readNext();
        Thread.sleep(1050);
        readings.readNext();
        assertThat(heard).containsExactlyInAnyOrder("1 deadline_exceeded", "3 deadline_exceeded", "2 has 1");
        assertThat(passes).containsExactly(101, 102);
    }

    @Test
    void clientThatLeaves_duringAPass_endsTheRest() {
        PromptReadings.Reading reading = submit(1, LONG, 9, 9, 9);
        duringPass = reading::close;
        readings.readNext();
        assertThat(readings.isIdle()).isTrue();
        readings.readNext();
        assertThat(passes).hasSize(1);
        assertThat(heard).isEmpty();
    }

    @Test
    void refuseAll_duringAPass_tellsThatRequestToo_once() {
        submit(1, LONG, 9);
        submit(2, LONG, 9, 9);
        duringPass = () -> readings.refuseAll(ApiException.shuttingDown());
        readings.readNext();
        assertThat(heard).containsExactly("1 shutting_down", "2 shutting_down");
        assertThat(readings.isIdle()).isTrue();
    }

    @Test
    void passThatThrows_endsItsRequestAlone() {
        submit(1, LONG, 9, 9);
        submit(2, LONG, 9);
        duringPass = () -> {
            duringPass = () -> {};
            throw new IllegalStateException("a broken pass");
        };
        readings.readNext();
        readings.readNext();
        assertThat(heard).containsExactly("1 generation_failed", "2 has 1");
        assertThat(readings.isIdle()).isTrue();
    }

    /** Its event loop has ended before the engine. */
    @Test
    void serverThatCloses_isNoFailureOfTheEngine() {
        ApiRequest request = new ApiRequest(
                List.of(new int[3]), 1, SamplingOptions.greedy(1), new ReplyOptions(false, false, false, 0, 0));
        readings.submit(request, LONG, new PromptReadings.Listener() {
            @Override
            public void read(List<RankedTokens> scored) {
                throw new RejectedExecutionException("event executor terminated");
            }

            @Override
            public void unread(ApiException problem) {
                throw new AssertionError(problem);
            }
        });
        readings.readNext();
        assertThat(readings.isIdle()).isTrue();
    }
}
