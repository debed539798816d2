package ai.preceptor.lm;

import ai.preceptor.data.DataException;

/**
 * A model computed what is no finite number, so its answer means nothing: weights with a NaN or an infinity in them, or numbers
 * that overflow on the way.
 */
public final class NotFiniteException extends DataException {
    private static final long serialVersionUID = 1;

    private NotFiniteException(String message) {
        super(message);
    }

    /**
     * Says what was not finite, and which weights are to blame.
     *
     * @param what with its place: {@code prompt 3, token 0: log-probability}
     * @param found the number
     * @param reason as {@link Parameters#whyNotFinite} tells it
     */
    public static NotFiniteException of(String what, double found, String reason) {
        return new NotFiniteException(what + ": expected a finite number, found " + found + "; " + reason);
    }

    /**
     * Passes numbers on that are finite.
     *
     * @param what they are, for the message
     * @param parameters of the model that computed them; looked through when one is not finite
     * @throws NotFiniteException naming the first that is not
     */
    static float[] require(String what, float[] numbers, Parameters parameters) {
        for (int i = 0; i < numbers.length; i++) {
            if (!Float.isFinite(numbers[i])) {
                throw of(what + " " + i + " of " + numbers.length, numbers[i], parameters.whyNotFinite());
            }
        }
        return numbers;
    }
}
