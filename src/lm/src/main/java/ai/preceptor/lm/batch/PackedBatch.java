package ai.preceptor.lm.batch;

import ai.preceptor.data.Completion;
import ai.preceptor.data.support.TokenSupports;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Several prompts and completions in one flat list of tokens, without padding; completions of a prompt share its rows.
 *
 * <p>A prompt of P tokens takes P rows. A completion of n tokens takes n - 1: nothing is predicted from its last token,
 * so that is not fed. Its first token is predicted from the prompt's last row, the others each from the row of the token
 * before. Positions of a completion continue after its prompt.
 *
 * @param tokens {@code [rows]}: token ids
 * @param positions {@code [rows]}: position of each token in its own sequence, from 0
 * @param segments what attends to what; they cover all rows in order
 * @param sources {@code [targets]}: the row whose hidden state predicts each target
 * @param targets {@code [targets]}: token ids to score, completion by completion; {@link #NO_TARGET} where only the
 *     hidden state at the source is wanted
 * @param spans one per completion in the order added: its range of {@code targets}
 * @param supports by the number of a span, of those whose targets were drawn from a part of the vocabulary: log-probabilities,
 *     entropies and their gradients are those of distributions normalized over that part. Comparisons of whole distributions
 *     ignore them
 */
public record PackedBatch(
        int[] tokens,
        int[] positions,
        List<Segment> segments,
        int[] sources,
        int[] targets,
        List<Span> spans,
        Map<Integer, TokenSupports> supports) {

    /** Stands for a target where a hidden state is read and no token is predicted. */
    public static final int NO_TARGET = -1;

    /** @throws IllegalArgumentException if arrays that belong together differ in length */
    public PackedBatch {
        if (tokens.length != positions.length || sources.length != targets.length) {
            throw new IllegalArgumentException("packed batch: " + tokens.length + " tokens with " + positions.length
                    + " positions, " + sources.length + " sources with " + targets.length
                    + " targets; each two must be equal");
        }
        segments = List.copyOf(segments);
        spans = List.copyOf(spans);
        supports = Map.copyOf(supports);
    }

    /** Of targets drawn from the whole vocabulary. */
    public PackedBatch(
            int[] tokens, int[] positions, List<Segment> segments, int[] sources, int[] targets, List<Span> spans) {
        this(tokens, positions, segments, sources, targets, spans, Map.of());
    }

    /** Tokens of the longest sequence, a last one that is only predicted included. */
    public int longest() {
        int longest = Arrays.stream(positions).max().orElse(-1) + 1;
        for (int i = 0; i < sources.length; i++) {
            longest = Math.max(longest, positions[sources[i]] + (targets[i] == NO_TARGET ? 1 : 2));
        }
        return longest;
    }

    /** Starts an empty batch. */
    public static Builder builder() {
        return new Builder();
    }

    /** How many rows the batch has. */
    public int rows() {
        return tokens.length;
    }

    /** Collects prompts and completions. Not thread-safe; a builder makes one batch. */
    public static final class Builder {
        private final Ints tokens = new Ints();
        private final Ints positions = new Ints();
        private final Ints sources = new Ints();
        private final Ints targets = new Ints();
        private final ArrayList<Segment> segments = new ArrayList<>();
        private final ArrayList<Span> spans = new ArrayList<>();
        private final Map<Integer, TokenSupports> supports = new HashMap<>();
        private int promptStart;
        private int promptEnd;

        private Builder() {}

        /**
         * Adds a prompt; the completions that follow are its. A prompt equal to the one before is not added again, so
         * rows that come one by one, such as the samples of a group, still share it.
         *
         * @param ids its tokens, at least one
         * @return the row where it starts
         * @throws IllegalArgumentException if it is empty
         */
        public int prompt(int[] ids) {
            if (ids.length == 0) {
                throw new IllegalArgumentException("prompt: 0 tokens, must be at least 1 (a beginning-of-sequence"
                        + " token, if nothing else): the first token of a completion is predicted from the prompt's"
                        + " last");
            }
            if (!tokens.regionEquals(promptStart, promptEnd, ids)) {
                promptStart = tokens.size();
                feed(ids, ids.length, 0);
                promptEnd = tokens.size();
                segments.add(new Segment(promptStart, promptStart, promptStart, promptEnd));
            }
            return promptStart;
        }

        /**
         * Has the last prompt scored token by token, as if it were a completion of its own first token, which nothing
         * predicts: a span of one target less than it has tokens, maybe none.
         *
         * @return this
         * @throws IllegalStateException if there is no prompt yet
         */
        public Builder scoredPrompt() {
            if (promptEnd == promptStart) {
                throw new IllegalStateException("scored prompt: no prompt was added before it");
            }
            int from = targets.size();
            for (int row = promptStart; row + 1 < promptEnd; row++) {
                sources.add(row);
                targets.add(tokens.get(row + 1));
            }
            spans.add(new Span(from, targets.size()));
            return this;
        }

        /**
         * Adds a completion of the last prompt, to be scored token by token.
         *
         * @param ids its tokens, at least one
         * @return this
         * @throws IllegalArgumentException if it is empty
         * @throws IllegalStateException if there is no prompt yet
         */
        public Builder completion(int[] ids) {
            int start = own(ids, ids.length - 1);
            int from = targets.size();
            for (int i = 0; i < ids.length; i++) {
                sources.add(i == 0 ? promptEnd - 1 : start + i - 1);
                targets.add(ids[i]);
            }
            spans.add(new Span(from, targets.size()));
            return this;
        }

        /**
         * The same with what its tokens were drawn from.
         *
         * @param support for each token; null for the whole vocabulary
         * @throws IllegalArgumentException if it is of another number of tokens, or a token is not in its own
         */
        public Builder completion(int[] ids, @Nullable TokenSupports support) {
            if (support != null) {
                support.requireFits(ids);
                supports.put(spans.size(), support);
            }
            return completion(ids);
        }

        /**
         * Adds a sampled completion of the last prompt: what the model sampled is scored, and what tools wrote is fed.
         *
         * @param answer of at least one token
         */
        public Builder completion(Completion answer) {
            if (answer.isOneTurn()) {
                return completion(answer.tokenIds(), answer.support());
            }
            if (answer.support() != null) {
                supports.put(spans.size(), answer.support());
            }
            return completion(answer.allIds(), answer.sampled());
        }

        /**
         * Adds a completion of the last prompt of which some tokens are scored and all that these depend on are fed.
         *
         * @param ids its tokens
         * @param scored for each, whether it is a target; at least one is
         * @return this
         * @throws IllegalArgumentException if none is scored or the lengths differ
         * @throws IllegalStateException if there is no prompt yet
         */
        public Builder completion(int[] ids, boolean[] scored) {
            int last = scored.length - 1;
            while (last >= 0 && !scored[last]) {
                last--;
            }
            if (last < 0 || ids.length != scored.length) {
                throw new IllegalArgumentException("completion " + spans.size() + ": " + (last < 0 ? "no" : "some")
                        + " of " + scored.length + " marks set for " + ids.length
                        + " tokens, must be one mark a token, at least one set");
            }
            int start = own(ids, last);
            int from = targets.size();
            for (int i = 0; i <= last; i++) {
                if (scored[i]) {
                    sources.add(i == 0 ? promptEnd - 1 : start + i - 1);
                    targets.add(ids[i]);
                }
            }
            spans.add(new Span(from, targets.size()));
            return this;
        }

        /**
         * Adds a completion of the last prompt that is read as a whole: all of its tokens are fed, and the one source is
         * its last row, without a target. For models that score an answer at its last token.
         *
         * @param ids its tokens, at least one
         * @return this
         * @throws IllegalArgumentException if it is empty
         * @throws IllegalStateException if there is no prompt yet
         */
        public Builder answer(int[] ids) {
            own(ids, ids.length);
            sources.add(tokens.size() - 1);
            targets.add(NO_TARGET);
            spans.add(new Span(targets.size() - 1, targets.size()));
            return this;
        }

        /**
         * Adds a completion of the last prompt that is read at several places, without targets: its tokens up to the last
         * place are fed. For models that score the steps of an answer.
         *
         * @param ids its tokens
         * @param places indexes of the tokens that it is read at, in increasing order, at least one
         * @return this
         * @throws IllegalArgumentException if there is no place, or one is outside or not after the one before
         * @throws IllegalStateException if there is no prompt yet
         */
        public Builder answer(int[] ids, int[] places) {
            for (int i = 0; i < places.length; i++) {
                if (places[i] >= ids.length || places[i] < (i == 0 ? 0 : places[i - 1] + 1)) {
                    throw new IllegalArgumentException("places of completion " + spans.size() + ": "
                            + Arrays.toString(places) + ", must increase from 0 on and be below " + ids.length);
                }
            }
            if (places.length == 0) {
                throw new IllegalArgumentException("places of completion " + spans.size() + ": 0, must be at least 1");
            }
            int start = own(ids, places[places.length - 1] + 1);
            int from = targets.size();
            for (int place : places) {
                sources.add(start + place);
                targets.add(NO_TARGET);
            }
            spans.add(new Span(from, targets.size()));
            return this;
        }

        /** The batch, complete. */
        public PackedBatch build() {
            return new PackedBatch(
                    tokens.toArray(),
                    positions.toArray(),
                    segments,
                    sources.toArray(),
                    targets.toArray(),
                    spans,
                    supports);
        }

        private int own(int[] ids, int fed) {
            if (promptEnd == promptStart) {
                throw new IllegalStateException("completion: no prompt was added before it");
            }
            if (ids.length == 0) {
                throw new IllegalArgumentException("completion " + spans.size() + ": 0 tokens, must be at least 1");
            }
            int start = tokens.size();
            feed(ids, fed, promptEnd - promptStart);
            if (fed > 0) {
                segments.add(new Segment(promptStart, promptEnd, start, start + fed));
            }
            return start;
        }

        private void feed(int[] ids, int count, int position) {
            for (int i = 0; i < count; i++) {
                tokens.add(ids[i]);
                positions.add(position + i);
            }
        }
    }
}
