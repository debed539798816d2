package ai.preceptor.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Prompt;
import ai.preceptor.lm.batch.WholeSequences;
import ai.preceptor.serve.ApiServer.Around;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** vLLM's {@code prompt_logprobs}. */
class PromptLogprobsTest {
    private static final String COMPLETE = "/v1/completions";

    private static ServedTiny tiny;

    @BeforeAll
    static void start() {
        tiny = ServedTiny.start();
    }

    @AfterAll
    static void stop() {
        tiny.close();
    }

    private static String body(String prompt, String more) {
        return "{\"model\": \"tiny\", \"prompt\": " + prompt + ", \"max_tokens\": 1, \"temperature\": 0" + more + "}";
    }

    private static int[] ids(int seed, int count) {
        return new Random(seed).ints(count, 0, 512).toArray();
    }

    @Test
    void completion_ofIds_hasTheModelsOwnLogprobs() {
        int[] ids = ids(1, 40);
        float[] own = tiny.student.model().logprobs(WholeSequences.nextTokens(ids, 0));
        JsonNode reply = tiny.ask(COMPLETE, body(Arrays.toString(ids), ", \"prompt_logprobs\": 2"));
        assertThat(reply.at("/usage/completion_tokens").asInt()).isEqualTo(1);
        JsonNode places = reply.at("/choices/0/prompt_logprobs");
        assertThat(places).hasSize(40);
        assertThat(places.path(0).isNull()).isTrue();
        for (int i = 1; i < ids.length; i++) {
            JsonNode place = places.path(i);
            String name = Integer.toString(ids[i]);
            assertThat(place.fieldNames().next()).as("its own comes first").isEqualTo(name);
            JsonNode mine = place.path(name);
            assertThat(mine.path("logprob").asDouble()).isCloseTo(own[i - 1], within(1e-5));
            int rank = mine.path("rank").asInt();
            assertThat(rank).isBetween(1, 512);
            assertThat(place).hasSize(rank <= 2 ? 2 : 3);
            assertThat(mine.path("decoded_token").isTextual()).isTrue();
            List<Integer> ranks = new ArrayList<>();
            place.forEach(one -> ranks.add(one.path("rank").asInt()));
            assertThat(ranks).contains(1, 2, rank).doesNotHaveDuplicates();
            place.forEach(one -> assertThat(one.path("logprob").asDouble()
                            > mine.path("logprob").asDouble())
                    .isEqualTo(one.path("rank").asInt() < rank));
        }
    }

    @Test
    void completion_ofTextAndLists_repeatsThePromptsWithEveryAnswer() {
        int[] ids = tiny.student.encoder().prompt(Prompt.plain("To be"));
        String both = "[\"To be\", \"Or not to be\"]";
        JsonNode choices = tiny.ask(COMPLETE, body(both, ", \"n\": 2, \"prompt_logprobs\": 0"))
                .path("choices");
        assertThat(choices).hasSize(4);
        JsonNode first = choices.path(0).path("prompt_logprobs");
        assertThat(first).hasSize(ids.length);
        for (int i = 1; i < ids.length; i++) {
            assertThat(first.path(i)).as("the token alone").hasSize(1);
            assertThat(first.path(i).has(Integer.toString(ids[i]))).isTrue();
        }
        assertThat(choices.path(1).path("prompt_logprobs")).isEqualTo(first);
        assertThat(choices.path(2).path("prompt_logprobs")).isNotEqualTo(first);
        JsonNode single = tiny.ask(COMPLETE, body("[[7], " + Arrays.toString(ids) + "]", ", \"prompt_logprobs\": 0"));
        assertThat(single.at("/choices/0/prompt_logprobs").toString()).isEqualTo("[null]");
        assertThat(single.at("/choices/1/prompt_logprobs")).hasSize(ids.length);
        assertThat(tiny.ask(COMPLETE, body("\"To be\"", ""))
                        .path("choices")
                        .path(0)
                        .has("prompt_logprobs"))
                .isFalse();
    }

    /** Prompts of one request are packed, as many as fit, and their numbers stay theirs. */
    @Test
    void manyPrompts_areThoseOfEachAlone() {
        List<int[]> prompts = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            prompts.add(ids(i, 20 + 13 * i));
        }
        String all = prompts.stream().map(Arrays::toString).toList().toString();
        JsonNode choices =
                tiny.ask(COMPLETE, body(all, ", \"prompt_logprobs\": 0")).path("choices");
        for (int i = 0; i < prompts.size(); i++) {
            JsonNode places = choices.path(i).path("prompt_logprobs");
            float[] own = tiny.student.model().logprobs(WholeSequences.nextTokens(prompts.get(i), 0));
            assertThat(places).hasSize(own.length + 1);
            for (int t = 0; t < own.length; t++) {
                assertThat(places.path(t + 1).elements().next().path("logprob").asDouble())
                        .isCloseTo(own[t], within(1e-5));
            }
        }
    }

    @Test
    void sameRequest_givesTheSameNumbers_besideOthers() {
        String wanted = body(Arrays.toString(ids(3, 60)), ", \"prompt_logprobs\": 1");
        JsonNode alone = tiny.ask(COMPLETE, wanted).path("choices");
        List<CompletableFuture<HttpResponse<String>>> others = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            others.add(tiny.later(
                    COMPLETE,
                    i % 4 == 1 ? wanted : body(Arrays.toString(ids(50 + i, 30)), ", \"prompt_logprobs\": 0")));
        }
        for (int i = 0; i < others.size(); i++) {
            JsonNode reply = ServedTiny.json(others.get(i).join());
            if (i % 4 == 1) {
                assertThat(reply.path("choices")).isEqualTo(alone);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"prompt_logprobs\": -1 | expected a whole number in [0, 20], found -1",
                "\"prompt_logprobs\": 21 | expected a whole number in [0, 20], found 21",
                "\"prompt_logprobs\": true | expected a whole number in [0, 20], found true",
                "\"prompt_logprobs\": 0, \"stream\": true | expected stream to be false, found true",
            })
    void badValue_isNamedWithItsRange(String field, String message) {
        refused(tiny.post(COMPLETE, "{\"prompt\": \"To be\", " + field + "}"), 400, message);
    }

    @Test
    void moreThanAReplyMayHave_isRefused() {
        String prompts = Collections.nCopies(25, Arrays.toString(ids(1, 500))).toString();
        refused(
                tiny.post(COMPLETE, body(prompts, ", \"prompt_logprobs\": 20")),
                400,
                "expected tokens of prompts x n x (prompt_logprobs + 1) to be at most 262144, found 262500");
    }

    @Test
    void chat_isRefused() {
        HttpResponse<String> reply = tiny.post(
                "/v1/chat/completions",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}], \"prompt_logprobs\": 0}");
        refused(reply, 400, "expected nothing");
    }

    private static void refused(HttpResponse<String> reply, int status, String message) {
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(status);
        assertThat(ServedTiny.parse(reply.body()).at("/error/message").asText()).contains("prompt_logprobs: ", message);
    }

    private static final String TWELVE =
            body(Collections.nCopies(12, Arrays.toString(ids(1, 510))).toString(), ", \"prompt_logprobs\": 0");

    private static ServedTiny around(UnaryOperator<PromptReadings.Model> prompts) {
        return ServedTiny.start(
                ServedTiny.options(), new Around(UnaryOperator.identity(), UnaryOperator.identity(), prompts));
    }

    /** What waits for an answer is bounded, and gives its room back. */
    @Test
    void moreThanAllMayHold_isRefused_untilSomeAreAnswered() {
        CountDownLatch held = new CountDownLatch(1);
        UnaryOperator<PromptReadings.Model> slow = model -> (prompts, k) -> {
            try {
                held.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return model.read(prompts, k);
        };
        String large =
                body(Collections.nCopies(24, Arrays.toString(ids(1, 510))).toString(), ", \"prompt_logprobs\": 20");
        try (ServedTiny other = around(slow)) {
            List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                all.add(other.later(COMPLETE, large));
            }
            CompletableFuture.anyOf(all.toArray(CompletableFuture[]::new)).join();
            held.countDown();
            List<Integer> statuses = new ArrayList<>();
            all.forEach(one -> statuses.add(one.join().statusCode()));
            assertThat(statuses).containsOnlyOnce(429).contains(200);
            assertThat(other.post(COMPLETE, large).statusCode()).isEqualTo(200);
        }
    }

    /** Holds the passes of prompts of 510 tokens, of which each takes one alone. */
    private static UnaryOperator<PromptReadings.Model> held(Semaphore passes, AtomicInteger begun) {
        return model -> (prompts, k) -> {
            if (prompts.get(0).length == 510) {
                begun.incrementAndGet();
                passes.acquireUninterruptibly();
            }
            return model.read(prompts, k);
        };
    }

    @Test
    void others_areAnsweredBetweenThePassesOfALongRequest() {
        Semaphore passes = new Semaphore(0);
        AtomicInteger begun = new AtomicInteger();
        HeldEngine engine = new HeldEngine();
        engine.free();
        Around parts = new Around(engine, UnaryOperator.identity(), held(passes, begun));
        try (ServedTiny other = ServedTiny.start(ServedTiny.options(), parts)) {
            CompletableFuture<HttpResponse<String>> all = other.later(COMPLETE, TWELVE);
            ServedTiny.until(() -> begun.get() == 1);
            CompletableFuture<HttpResponse<String>> answer = other.later(COMPLETE, body("\"To be\"", ""));
            CompletableFuture<HttpResponse<String>> scored =
                    other.later(COMPLETE, body("\"To be\"", ", \"prompt_logprobs\": 0"));
            ServedTiny.until(() -> engine.submitted.size() == 12 + 2);
            passes.release(3);
            assertThat(answer.join().statusCode()).isEqualTo(200);
            assertThat(scored.join().statusCode()).isEqualTo(200);
            assertThat(all).isNotDone();
            passes.release(9);
            assertThat(all.join().statusCode()).isEqualTo(200);
            assertThat(begun).hasValue(12);
        }
    }

    @Test
    void shutdown_endsALongRequest_andWaitsForOnePass() throws Exception {
        Semaphore passes = new Semaphore(0);
        AtomicInteger begun = new AtomicInteger();
        RequestLimits limits = ServedTiny.bounds(20, Duration.ofMinutes(5), Duration.ZERO);
        Around parts = new Around(UnaryOperator.identity(), UnaryOperator.identity(), held(passes, begun));
        try (ServedTiny other = ServedTiny.start(ServedTiny.options(ServedTiny.LIMITS, limits), parts)) {
            CompletableFuture<HttpResponse<String>> all = other.later(COMPLETE, TWELVE);
            ServedTiny.until(() -> begun.get() == 1);
            passes.release(2);
            ServedTiny.until(() -> begun.get() == 3);
            assertThat(other.server.drain()).isEqualTo(1);
            assertThat(all.join().statusCode()).isEqualTo(503);
            assertThat(all.join().body()).contains("shutting_down");
            passes.release(1);
        }
        assertThat(begun).hasValue(3);
    }

    @Test
    void passThatThrows_failsItsRequestAlone() {
        UnaryOperator<PromptReadings.Model> broken = model -> (prompts, k) -> {
            if (k == 7) {
                throw new IllegalStateException("a broken pass");
            }
            return model.read(prompts, k);
        };
        try (ServedTiny other = around(broken)) {
            HttpResponse<String> reply = other.post(COMPLETE, body("\"To be\"", ", \"prompt_logprobs\": 7"));
            assertThat(reply.statusCode()).isEqualTo(500);
            assertThat(reply.body()).contains("generation_failed").doesNotContain("a broken pass");
            assertThat(other.ask(COMPLETE, body("\"To be\"", ", \"prompt_logprobs\": 6"))
                            .at("/choices/0/prompt_logprobs/0")
                            .isNull())
                    .isTrue();
        }
    }
}
