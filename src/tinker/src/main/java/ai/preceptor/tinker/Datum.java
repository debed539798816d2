package ai.preceptor.tinker;

/**
 * One sequence of a request, shifted by the caller: position t of each array is about the token that follows {@code tokens[t]}.
 *
 * @param tokens {@code [positions]}: what is fed, ids below the vocabulary's size
 * @param targets {@code [positions]}: the token whose log-probability is asked for
 * @param logprobs {@code [positions]}: log-probabilities in nats that importance ratios divide by; empty where none are sent
 * @param advantages {@code [positions]}: factors of the ratios; empty where none are sent
 */
record Datum(int[] tokens, int[] targets, float[] logprobs, float[] advantages) {
    private static final float[] NONE = {};

    /** @throws IllegalArgumentException if arrays that belong together differ in length */
    Datum {
        boolean trains = advantages.length > 0;
        if (tokens.length == 0
                || targets.length != tokens.length
                || logprobs.length != advantages.length
                || (trains && advantages.length != tokens.length)) {
            throw new IllegalArgumentException("datum: " + tokens.length + " tokens, " + targets.length + " targets, "
                    + logprobs.length + " log-probabilities, " + advantages.length + " advantages; must be equal");
        }
    }

    /** To be measured. */
    static Datum of(int[] tokens, int[] targets) {
        return new Datum(tokens, targets, NONE, NONE);
    }

    /** The same to be trained. */
    Datum training(float[] measured, float[] factors) {
        return new Datum(tokens, targets, measured, factors);
    }

    /** How many positions it has. */
    int length() {
        return tokens.length;
    }

    /** About how many bytes it takes in a request. */
    long bytes() {
        return 24L * length() + 256;
    }
}
