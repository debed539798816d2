package ai.preceptor.lm.tool;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.support.TokenSupports;
import ai.preceptor.data.tool.ToolTurns;
import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.generate.TurnLoop;
import ai.preceptor.lm.tool.ToolRunner.Output;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers in which the model calls tools: its turn, the tools' outputs, its next turn, until it calls nothing.
 *
 * <p>Sampled tokens stay what they are. The whole answer, outputs included, has at most {@code maxNewTokens} tokens and fits
 * into the model's context with its prompt. Outputs that would leave no room for another token are dropped: the answer
 * then ends after the call, as one that was cut ({@link FinishReason#LENGTH}). With the last of {@code
 * max_tool_calling_iterations} turns of tools behind it, a further call is not answered and ends the answer.
 */
public final class ToolLoop implements TurnLoop {
    /** Calls of one turn that are answered; the others get an error. */
    static final int MOST_CALLS = 16;

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final ToolTurnEncoder turns;
    private final ToolCallParser parser;
    private final ToolRunner runner;
    private final Function<int[], String> text;
    private final List<Integer> stopIds;
    private final int iterations;
    private final int context;
    private final AtomicLong steps = new AtomicLong();

    /**
     * @param turns gives the tokens of outputs
     * @param iterations most turns of tools in an answer, 1 or more
     */
    ToolLoop(ToolTurnEncoder turns, ToolCallParser parser, ToolRunner runner, ModelTurns model, int iterations) {
        this.turns = turns;
        this.parser = parser;
        this.runner = runner;
        this.text = model.text();
        this.stopIds = Arrays.stream(model.stopIds()).boxed().toList();
        this.iterations = iterations;
        this.context = model.context();
    }

    /**
     * What is known of the model.
     *
     * @param text of tokens, special ones included
     * @param stopIds tokens that end a turn
     * @param context most tokens that it reads
     */
    @SuppressWarnings("ArrayRecordComponent") // a bundle of arguments
    record ModelTurns(Function<int[], String> text, int[] stopIds, int context) {}

    /** Longest time of one call: for so long {@link #steps} may not change. */
    public Duration timeout() {
        return runner.timeout();
    }

    @Override
    public long steps() {
        return steps.get();
    }

    @Override
    public List<List<Completion>> complete(
            List<GenerationRequest> requests, Function<List<GenerationRequest>, List<List<Completion>>> model) {
        List<List<OpenAnswer>> answers = new ArrayList<>();
        List<OpenAnswer> waiting = new ArrayList<>();
        List<List<Completion>> first = model.apply(requests);
        for (int i = 0; i < requests.size(); i++) {
            List<OpenAnswer> own = new ArrayList<>();
            for (int k = 0; k < first.get(i).size(); k++) {
                own.add(new OpenAnswer(requests.get(i), k, first.get(i).get(k)));
            }
            answers.add(own);
            waiting.addAll(own);
        }
        for (int turn = 1; turn <= iterations && !waiting.isEmpty(); turn++) {
            List<OpenAnswer> going = new ArrayList<>();
            List<GenerationRequest> next = new ArrayList<>();
            for (OpenAnswer answer : waiting) {
                GenerationRequest request = answered(answer, turn);
                if (request != null) {
                    going.add(answer);
                    next.add(request);
                }
            }
            if (!next.isEmpty()) {
                List<List<Completion>> more = model.apply(next);
                for (int i = 0; i < going.size(); i++) {
                    going.get(i).add(more.get(i).get(0));
                }
            }
            waiting = going;
        }
        return answers.stream()
                .map(own -> own.stream().map(OpenAnswer::completion).toList())
                .toList();
    }

    /** Calls what the last turn asks for. Null if that is nothing, or leaves no room to go on. */
    private @Nullable GenerationRequest answered(OpenAnswer answer, int turn) {
        Completion last = answer.last();
        if (last.finishReason() != FinishReason.STOP || last.length() == 0) {
            return null;
        }
        int[] ids = last.tokenIds();
        boolean ended = stopIds.contains(ids[ids.length - 1]);
        String said = text.apply(ended ? Arrays.copyOf(ids, ids.length - 1) : ids);
        List<ToolCall> calls = parser.parse(said);
        if (calls.isEmpty()) {
            return null;
        }
        List<Output> outputs = new ArrayList<>();
        for (int i = 0; i < calls.size() && i <= MOST_CALLS; i++) {
            ToolCall call = i < MOST_CALLS
                    ? calls.get(i)
                    : ToolCall.malformed("at most " + MOST_CALLS + " calls in one turn are answered");
            outputs.add(runner.run(call));
            steps.incrementAndGet();
        }
        int unanswered = Math.max(0, calls.size() - MOST_CALLS);
        int failures = (int) outputs.stream().filter(Output::failed).count() + Math.max(0, unanswered - 1);
        answer.count(calls.size(), failures);
        int[] written = turns.encode(outputs);
        Integer end = turns.usualEnd();
        if (!ended && end != null) {
            written = joined(new int[] {end}, written);
        }
        GenerationRequest request = answer.continued(written, context, seed(answer, turn));
        if (request != null) {
            answer.add(written, said, outputs.stream().map(Output::text).toList());
        }
        return request;
    }

    /** Of this answer's next turn: depends on the request, the sample's number and the turn only. */
    private static long seed(OpenAnswer answer, int turn) {
        return mix(mix(mix(answer.request.options().seed()) + GOLDEN * (answer.number + 1)) + GOLDEN * turn);
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood, 2014): maps neighbouring numbers to unrelated ones. */
    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    private static int[] joined(int[] head, int[] tail) {
        int[] both = Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, both, head.length, tail.length);
        return both;
    }

    /** One answer on its way. */
    private static final class OpenAnswer {
        private final GenerationRequest request;
        private final int number;
        private final List<Completion> own = new ArrayList<>();
        private final List<ToolTurns.Turn> turns = new ArrayList<>();
        private int[] read;
        private int sampled;
        private int calls;
        private int failures;
        private boolean cut;

        OpenAnswer(GenerationRequest request, int number, Completion first) {
            this.request = request;
            this.number = number;
            this.read = request.promptIds();
            add(first);
        }

        Completion last() {
            return own.get(own.size() - 1);
        }

        void add(Completion turn) {
            own.add(turn);
            sampled += turn.length();
            read = joined(read, turn.tokenIds());
        }

        void add(int[] written, String said, List<String> outputs) {
            turns.add(new ToolTurns.Turn(sampled, written, said, outputs));
            read = joined(read, written);
        }

        void count(int more, int failed) {
            calls += more;
            failures += failed;
        }

        /** The request for the next turn; null if there is no room for it. */
        @Nullable
        GenerationRequest continued(int[] written, int context, long seed) {
            int[] prompt = joined(read, written);
            SamplingOptions options = request.options();
            int used = prompt.length - request.promptIds().length;
            int left = options.settings().maxNewTokens() - used;
            if (left < 1 || prompt.length >= context) {
                cut = true;
                return null;
            }
            SamplingOptions rest = options.with(options.settings()
                            .but()
                            .maxNewTokens(left)
                            .minNewTokens(0)
                            .build())
                    .withSeed(seed);
            return new GenerationRequest(prompt, 1, rest, false, 0, request.supports(), request.timeLimit());
        }

        Completion completion() {
            if (own.size() == 1) {
                Completion only = own.get(0);
                return new Completion(
                        only.text(),
                        only.tokenIds(),
                        only.logprobs(),
                        only.samplerLogprobs(),
                        cut ? FinishReason.LENGTH : only.finishReason(),
                        only.support(),
                        new ToolTurns(List.of(), calls, failures));
            }
            int[] ids = new int[sampled];
            float[] logprobs = new float[sampled];
            float[] drawn = new float[sampled];
            TokenSupports.Builder supports = TokenSupports.builder();
            int at = 0;
            for (Completion turn : own) {
                System.arraycopy(turn.tokenIds(), 0, ids, at, turn.length());
                System.arraycopy(turn.logprobs(), 0, logprobs, at, turn.length());
                System.arraycopy(turn.samplerLogprobs(), 0, drawn, at, turn.length());
                supports.addAll(turn.support(), turn.length());
                at += turn.length();
            }
            return new Completion(
                    last().text(),
                    ids,
                    logprobs,
                    drawn,
                    cut ? FinishReason.LENGTH : last().finishReason(),
                    supports.build(),
                    new ToolTurns(turns, calls, failures));
        }
    }
}
