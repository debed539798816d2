package ai.preceptor.lm.tool;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.support.TokenSupports;
import ai.preceptor.data.tool.ToolTurns;
import ai.preceptor.lm.NotFiniteException;
import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.generate.TurnLoop;
import ai.preceptor.lm.text.EncodingException;
import ai.preceptor.lm.tool.ToolRunner.Output;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers in which the model calls tools: its turn, the tools' outputs, its next turn, until it calls nothing.
 *
 * <p>Sampled tokens stay what they are. The whole answer, outputs included, has at most {@code maxNewTokens} tokens and fits
 * into the model's context with its prompt. Outputs that would leave no room for another token are dropped: the answer
 * then ends after the call, as one that was cut ({@link FinishReason#LENGTH}). So it does where a time limit has passed ({@link
 * FinishReason#DEADLINE}). With the last of {@code
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
    private final LongSupplier nanos;

    /**
     * @param turns gives the tokens of outputs
     * @param iterations most turns of tools in an answer, 1 or more
     * @param nanos the clock of time limits
     */
    ToolLoop(
            ToolTurnEncoder turns,
            ToolCallParser parser,
            ToolRunner runner,
            ModelTurns model,
            int iterations,
            LongSupplier nanos) {
        this.turns = turns;
        this.parser = parser;
        this.runner = runner;
        this.text = model.text();
        this.stopIds = Arrays.stream(model.stopIds()).boxed().toList();
        this.iterations = iterations;
        this.context = model.context();
        this.nanos = nanos;
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

    /** Longest time of one call: for so long there may be no progress. */
    public Duration timeout() {
        return runner.timeout();
    }

    @Override
    public List<List<Completion>> complete(
            List<GenerationRequest> requests,
            Function<List<GenerationRequest>, List<List<Completion>>> model,
            Runnable stepped) {
        long start = nanos.getAsLong();
        List<List<OpenAnswer>> answers = new ArrayList<>();
        List<OpenAnswer> waiting = new ArrayList<>();
        List<List<Completion>> first = model.apply(requests);
        for (int i = 0; i < requests.size(); i++) {
            List<OpenAnswer> own = new ArrayList<>();
            for (int k = 0; k < first.get(i).size(); k++) {
                own.add(new OpenAnswer(requests.get(i), i, k, first.get(i).get(k)));
            }
            answers.add(own);
            waiting.addAll(own);
        }
        for (int turn = 1; turn <= iterations && !waiting.isEmpty(); turn++) {
            List<OpenAnswer> going = new ArrayList<>();
            List<GenerationRequest> next = new ArrayList<>();
            for (OpenAnswer answer : waiting) {
                GenerationRequest request = answered(answer, turn, start, stepped);
                if (request != null) {
                    going.add(answer);
                    next.add(request);
                }
            }
            if (!next.isEmpty()) {
                List<List<Completion>> more = turn(turn, going, () -> model.apply(next));
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

    /** The model's next turn of some answers; what is not finite is told by the request that was asked. */
    private static List<List<Completion>> turn(
            int turn, List<OpenAnswer> answers, Supplier<List<List<Completion>>> model) {
        try {
            return model.get();
        } catch (NotFiniteException e) {
            OpenAnswer answer = answers.get(e.index());
            throw e.at(
                    "prompt " + answer.index + ", sample " + answer.number + ", turn " + turn + ": log-probability",
                    answer.index);
        }
    }

    /** Calls what the last turn asks for. Null if that is nothing, or leaves no room or time to go on. */
    private @Nullable GenerationRequest answered(OpenAnswer answer, int turn, long start, Runnable stepped) {
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
            outputs.add(runner.run(call, stepped));
            stepped.run();
        }
        int unanswered = Math.max(0, calls.size() - MOST_CALLS);
        int failures = (int) outputs.stream().filter(Output::failed).count() + Math.max(0, unanswered - 1);
        answer.count(calls.size(), failures);
        int[] written = written(answer, outputs);
        Integer end = turns.usualEnd();
        if (!ended && end != null) {
            written = joined(new int[] {end}, written);
        }
        GenerationRequest request = answer.continued(written, context, seed(answer, turn), nanos.getAsLong() - start);
        if (request != null) {
            answer.add(written, said, outputs.stream().map(Output::text).toList());
        }
        return request;
    }

    private int[] written(OpenAnswer answer, List<Output> outputs) {
        try {
            return turns.encode(answer.request.prompt(), outputs);
        } catch (EncodingException e) {
            throw new EncodingException(
                    "prompt " + answer.index + " (0-based): its turn of tools cannot be written: " + e.getMessage(), e);
        }
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
        private final int index;
        private final int number;
        private final List<Completion> own = new ArrayList<>();
        private final List<ToolTurns.Turn> turns = new ArrayList<>();
        private int[] read;
        private int sampled;
        private int calls;
        private int failures;
        private @Nullable FinishReason cut;

        /** @param index of the request */
        OpenAnswer(GenerationRequest request, int index, int number, Completion first) {
            this.request = request;
            this.index = index;
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

        /**
         * The request for the next turn; null if there is no room or time for it.
         *
         * @param elapsed nanoseconds since this answer was asked for
         */
        @Nullable
        GenerationRequest continued(int[] written, int context, long seed, long elapsed) {
            int[] prompt = joined(read, written);
            SamplingOptions options = request.options();
            int used = prompt.length - request.promptIds().length;
            int room = options.settings().maxNewTokens() - used;
            if (room < 1 || prompt.length >= context) {
                cut = FinishReason.LENGTH;
                return null;
            }
            Duration limit = request.timeLimit();
            if (limit != null && limit.toNanos() <= elapsed) {
                cut = FinishReason.DEADLINE;
                return null;
            }
            SamplingOptions rest = options.with(options.settings()
                            .but()
                            .maxNewTokens(room)
                            .minNewTokens(0)
                            .build())
                    .withSeed(seed);
            Duration left = limit == null ? null : limit.minusNanos(elapsed);
            return new GenerationRequest(prompt, 1, rest, false, 0, request.supports(), left, request.prompt());
        }

        Completion completion() {
            if (own.size() == 1) {
                Completion only = own.get(0);
                return new Completion(
                        only.text(),
                        only.tokenIds(),
                        only.logprobs(),
                        only.samplerLogprobs(),
                        cut != null ? cut : only.finishReason(),
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
                    cut != null ? cut : last().finishReason(),
                    supports.build(),
                    new ToolTurns(turns, calls, failures));
        }
    }
}
