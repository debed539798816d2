package ai.preceptor.data.tool;

import java.util.Arrays;
import java.util.List;

/**
 * What an answer keeps of its calls of tools: the tokens between those that the model sampled, which are read and not learnt
 * from.
 *
 * @param turns in their order; empty where the model called nothing; copied
 * @param calls how many calls the model wrote, malformed ones included
 * @param failures how many of them gave an error
 */
public record ToolTurns(List<Turn> turns, int calls, int failures) {
    /** Of an answer whose model could have called tools and did not. */
    public static final ToolTurns NONE = new ToolTurns(List.of(), 0, 0);

    /** @throws IllegalArgumentException if turns are out of order, or counts are out of range */
    public ToolTurns {
        turns = List.copyOf(turns);
        if (failures < 0 || calls < failures || (calls == 0 && !turns.isEmpty())) {
            throw new IllegalArgumentException(
                    "tool turns: " + turns.size() + " with " + calls + " calls and " + failures
                            + " failures, expected at least 1 call where there is a turn, and at most as many failures");
        }
        int last = 0;
        for (Turn turn : turns) {
            if (turn.after <= last) {
                throw new IllegalArgumentException(
                        "tool turns: one after token " + turn.after + ", expected after one above " + last);
            }
            last = turn.after;
        }
    }

    /**
     * What was written between two turns of the model.
     *
     * @param after how many tokens the model had sampled before it, at least 1
     * @param ids its tokens: what the chat template writes of the tools' outputs up to the model's next turn; at least one;
     *     not copied, do not modify
     * @param said the model's turn before it, as text
     * @param outputs what each tool returned, or the error that stood in its place, in the order of the calls; copied
     */
    @SuppressWarnings("ArrayRecordComponent") // equality is defined below
    public record Turn(int after, int[] ids, String said, List<String> outputs) {
        /** @throws IllegalArgumentException if nothing was sampled before it, or it has no token */
        public Turn {
            outputs = List.copyOf(outputs);
            if (after < 1 || ids.length == 0) {
                throw new IllegalArgumentException("tool turn: after " + after + " tokens, of " + ids.length
                        + ", expected at least 1 and at least 1");
            }
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Turn that
                    && after == that.after
                    && Arrays.equals(ids, that.ids)
                    && said.equals(that.said)
                    && outputs.equals(that.outputs);
        }

        @Override
        public int hashCode() {
            return 31 * after + Arrays.hashCode(ids);
        }
    }

    /** How many tokens were inserted. */
    public int length() {
        return turns.stream().mapToInt(turn -> turn.ids.length).sum();
    }

    /** How many tokens the model sampled before the last turn, after which it sampled more; -1 without a turn. */
    public int lastPlace() {
        return turns.isEmpty() ? -1 : turns.get(turns.size() - 1).after;
    }

    /**
     * All tokens in their order.
     *
     * @param sampled the model's own, more than {@link #lastPlace}
     * @return the same array where there is no turn
     */
    public int[] all(int[] sampled) {
        if (turns.isEmpty()) {
            return sampled;
        }
        int[] all = new int[sampled.length + length()];
        int from = 0;
        int to = 0;
        for (Turn turn : turns) {
            System.arraycopy(sampled, from, all, to, turn.after - from);
            to += turn.after - from;
            from = turn.after;
            System.arraycopy(turn.ids, 0, all, to, turn.ids.length);
            to += turn.ids.length;
        }
        System.arraycopy(sampled, from, all, to, sampled.length - from);
        return all;
    }

    /**
     * TRL's {@code tool_mask}.
     *
     * @param sampled how many tokens the model sampled
     * @return for each of {@link #all}, whether the model sampled it
     */
    public boolean[] mask(int sampled) {
        boolean[] mask = new boolean[sampled + length()];
        Arrays.fill(mask, true);
        int inserted = 0;
        for (Turn turn : turns) {
            Arrays.fill(mask, turn.after + inserted, turn.after + inserted + turn.ids.length, false);
            inserted += turn.ids.length;
        }
        return mask;
    }
}
