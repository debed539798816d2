package ai.preceptor.lm;

import ai.preceptor.data.DataException;
import ai.preceptor.lm.weights.Parameters;

/**
 * A model computed NaN or infinity, so its output is invalid: its weights contain such a value, or an activation
 * overflowed.
 */
public final class NotFiniteException extends DataException {
    private static final long serialVersionUID = 1;

    private final String detail;
    private final int index;

    private NotFiniteException(String place, String detail, int index) {
        super(place + ": " + detail);
        this.detail = detail;
        this.index = index;
    }

    /**
     * Says what was not finite, and which weights are to blame.
     *
     * @param place the value and its position: {@code prompt 3, token 0: log-probability}
     * @param index of what it belongs to among what the model was given: a target, an answer, a prompt
     * @param found the number
     * @param reason as {@link Parameters#whyNotFinite} tells it
     */
    public static NotFiniteException of(String place, int index, double found, String reason) {
        return new NotFiniteException(place, "expected a finite number, found " + found + "; " + reason, index);
    }

    /**
     * Passes numbers on that are finite.
     *
     * @param what each of them is, for the message
     * @param parameters of the model that computed them; looked through when one is not finite
     * @throws NotFiniteException naming the first that is not, with its index
     */
    static float[] require(String what, float[] numbers, Parameters parameters) {
        for (int i = 0; i < numbers.length; i++) {
            if (!Float.isFinite(numbers[i])) {
                throw of(what + " " + i, i, numbers[i], parameters.whyNotFinite());
            }
        }
        return numbers;
    }

    /** Which of the things that the model was given it belongs to, from 0. */
    public int index() {
        return index;
    }

    /** The same in the words of who knows more of the place. */
    public NotFiniteException at(String place, int other) {
        NotFiniteException told = new NotFiniteException(place, detail, other);
        told.initCause(this);
        return told;
    }
}
