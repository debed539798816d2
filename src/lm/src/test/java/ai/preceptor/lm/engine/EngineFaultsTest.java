package ai.preceptor.lm.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.NotFiniteException;
import ai.preceptor.lm.TinyFamilies;
import ai.preceptor.lm.generate.GeneratedSample;
import ai.preceptor.lm.generate.GenerationLimits;
import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.generate.TokenRules;
import ai.preceptor.lm.torch.KernelFaults;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What fails in a step fails the requests in it, and nothing else. */
class EngineFaultsTest {
    private static Torch torch;
    private static LanguageModel model;

    @BeforeAll
    static void load() {
        torch = Torch.open("cpu", 1);
        model = TinyFamilies.LLAMA_BIASES_YARN.model(torch, LoadOptions.FROZEN);
    }

    @AfterAll
    static void close() {
        model.close();
        torch.close();
    }

    /** Every kernel call of a session, one after the other, is made to fail. */
    @Test
    void step_anyKernelThrows_failsWhatWasInIt_andTheRestIsAnsweredAsEver() {
        SessionFactory factory = factory(model, Arrays::toString);
        Map<String, Object> clean = new TreeMap<>();
        int calls;
        try (DecodeEngine engine = factory.open(() -> 0)) {
            try (KernelFaults faults = KernelFaults.none(torch)) {
                session(engine, clean);
                calls = faults.calls().size();
                assertThat(faults.calls()).contains("prefill", "first_tokens", "decode_step", "clear_block");
            }
        }
        assertThat(clean).hasSize(10).allSatisfy((key, end) -> assertThat(end).isInstanceOf(GeneratedSample.class));
        long before = torch.liveTensors();
        int failures = 0;
        for (int call = 0; call < calls; call++) {
            try (DecodeEngine engine = factory.open(() -> 0)) {
                Map<String, Object> ends = new TreeMap<>();
                try (KernelFaults faults = KernelFaults.at(torch, call)) {
                    session(engine, ends);
                }
                assertThat(ends.keySet()).as("call %d", call).isEqualTo(clean.keySet());
                int failed = 0;
                for (Map.Entry<String, Object> end : ends.entrySet()) {
                    if (end.getValue() instanceof KernelFaults.Fault) {
                        failed++;
                    } else {
                        assertThat(end.getValue()).as("call %d", call).isEqualTo(clean.get(end.getKey()));
                    }
                }
                assertThat(failed).as("failed by call %d", call).isPositive();
                failures += failed;
                assertThat(engine.store().reserved()).isZero();
                assertThat(engine.store().own().span() + engine.store().shared().span())
                        .isZero();
                engine.submit(request(2, 20, 1, 9));
                GenerationEvent again = drain(engine).get(0);
                assertThat(((GenerationEvent.Finished) again).result())
                        .as("after call %d", call)
                        .isEqualTo(clean.get("1/0"));
            }
            assertThat(torch.liveTensors()).as("call %d", call).isEqualTo(before);
        }
        assertThat(failures).as("of %d samples", 10 * calls).isLessThan(10 * calls);
    }

    @Test
    void step_requestsThatAlwaysThrow_neverEndTheEngine() {
        try (DecodeEngine engine = engine(model, Arrays::toString)) {
            for (int i = 0; i < 5 * EngineTrial.MOST_FAILED; i++) {
                engine.submit(request(i, 20, 1, 5));
                try (KernelFaults faults = KernelFaults.where(torch, (call, kernel) -> call == 0)) {
                    assertThat(engine.step()).hasSize(1).allMatch(GenerationEvent.Failed.class::isInstance);
                    assertThat(faults.calls()).as("the engine's own request").contains("decode_step");
                }
            }
            assertThat(engine.isIdle()).isTrue();
            engine.submit(request(1, 20, 1, 5));
            assertThat(drain(engine)).allMatch(GenerationEvent.Finished.class::isInstance);
        }
    }

    @Test
    void step_ofAnEngineThatFailsByItself_isFatal_afterThree() {
        for (String broken : List.of("prefill", "decode_step")) {
            try (DecodeEngine engine = engine(model, Arrays::toString);
                    KernelFaults faults = KernelFaults.where(torch, (call, kernel) -> kernel.equals(broken))) {
                for (int i = 1; i < EngineTrial.MOST_FAILED; i++) {
                    engine.submit(request(i, 20, 1, 5));
                    assertThat(engine.step()).hasSize(1).allMatch(GenerationEvent.Failed.class::isInstance);
                }
                engine.submit(request(9, 20, 1, 5));
                assertThatThrownBy(engine::step)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("3 steps in a row")
                        .hasCauseInstanceOf(KernelFaults.Fault.class);
                assertThat(faults.calls()).contains(broken);
            }
        }
    }

    /** One token's embedding is NaN: prompts with it fail; others are answered as ever, beside them and in their memory after. */
    @Test
    void step_rowThatIsNotFinite_failsItsRequestAlone_andLeavesNothingBehind() {
        try (LanguageModel broken = TinyFamilies.LLAMA_BIASES_YARN.model(torch, LoadOptions.FROZEN)) {
            var embedding = broken.parameters().blocks().get(0);
            try (Scope scope = torch.scope()) {
                torch.kernels().tensors().setRows(embedding.values(), scope.floats(nans(24)), 7, 1);
            }
            List<Object> alone = new ArrayList<>();
            try (DecodeEngine engine = engine(broken, Arrays::toString)) {
                engine.submit(request(3, 20, 1, 12));
                drain(engine).forEach(event -> alone.add(((GenerationEvent.Finished) event).result()));
            }
            try (DecodeEngine engine = engine(broken, Arrays::toString)) {
                for (int turn = 0; turn < 3; turn++) {
                    engine.submit(with7(2));
                    GenerationHandle healthy = engine.submit(request(3, 20, 1, 12));
                    engine.submit(with7(1));
                    int failed = 0;
                    for (GenerationEvent event : drain(engine)) {
                        if (event.handle() == healthy) {
                            assertThat(((GenerationEvent.Finished) event).result())
                                    .isEqualTo(alone.get(0));
                        } else {
                            failed++;
                            assertThat(((GenerationEvent.Failed) event).cause())
                                    .isInstanceOf(NotFiniteException.class)
                                    .hasMessageContaining(
                                            "model.embed_tokens.weight holds NaN or infinity (24 of 1272 numbers)");
                        }
                    }
                    assertThat(failed).isEqualTo(3);
                    assertThat(engine.store().reserved()).isZero();
                }
            }
        }
    }

    private static float[] nans(int count) {
        float[] numbers = new float[count];
        Arrays.fill(numbers, Float.NaN);
        return numbers;
    }

    private static GenerationRequest with7(int samples) {
        int[] prompt = new Random(5).ints(18, 8, 53).toArray();
        prompt[4] = 7;
        return new GenerationRequest(prompt, samples, SamplingOptions.unfiltered(6, 1));
    }

    @Test
    void step_textThatCannotBeTold_failsItsRequestAlone() {
        Function<int[], String> decode = ids -> {
            if (ids.length == 4) {
                throw new IllegalStateException("no text");
            }
            return "";
        };
        try (DecodeEngine engine = engine(model, decode)) {
            GenerationHandle four = engine.submit(request(1, 10, 2, 4));
            GenerationHandle five = engine.submit(request(2, 10, 2, 5));
            List<GenerationEvent> events = drain(engine);
            assertThat(events).hasSize(4).allSatisfy(event -> {
                if (event instanceof GenerationEvent.Failed failed) {
                    assertThat(failed.handle()).isSameAs(four);
                    assertThat(failed.cause()).hasMessage("no text");
                } else {
                    assertThat(event.handle()).isSameAs(five);
                }
            });
            assertThat(engine.store().reserved()).isZero();
        }
    }

    /** Two rows; a prompt with four samples, single ones, and one that comes later, so that rows and blocks change hands. */
    private static void session(DecodeEngine engine, Map<String, Object> ends) {
        long first = engine.submit(request(1, 30, 4, 6)).id();
        engine.submit(request(2, 20, 1, 9));
        engine.submit(request(3, 33, 3, 4));
        for (int i = 0; i < 4; i++) {
            collect(engine.step(), first, ends);
        }
        engine.submit(request(4, 12, 2, 7));
        while (!engine.isIdle()) {
            collect(engine.step(), first, ends);
        }
    }

    private static void collect(List<GenerationEvent> events, long first, Map<String, Object> ends) {
        for (GenerationEvent event : events) {
            String name = event.handle().id() - first + "/" + event.sample();
            Object end = event instanceof GenerationEvent.Failed failed
                    ? failed.cause()
                    : ((GenerationEvent.Finished) event).result();
            assertThat(ends.put(name, end)).as("an end told before").isNull();
        }
    }

    private static List<GenerationEvent> drain(DecodeEngine engine) {
        List<GenerationEvent> events = new ArrayList<>();
        while (!engine.isIdle()) {
            events.addAll(engine.step());
        }
        return events;
    }

    private static SessionFactory factory(LanguageModel model, Function<int[], String> decode) {
        return new SessionFactory(model, decode, new int[0], new GenerationLimits(3, 1 << 20, 40));
    }

    private static DecodeEngine engine(LanguageModel model, Function<int[], String> decode) {
        return factory(model, decode).open(() -> 0);
    }

    private static GenerationRequest request(int seed, int length, int samples, int tokens) {
        int[] prompt = new Random(seed).ints(length, 8, 53).toArray();
        SamplingOptions options = SamplingOptions.unfiltered(tokens, seed)
                .with(new TokenRules(Map.of(7, Double.NEGATIVE_INFINITY), null));
        return new GenerationRequest(prompt, samples, options);
    }
}
