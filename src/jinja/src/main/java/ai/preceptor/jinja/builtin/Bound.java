package ai.preceptor.jinja.builtin;

import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.None;
import ai.preceptor.jinja.value.Numbers;
import ai.preceptor.jinja.value.Types;
import ai.preceptor.jinja.value.Undefined;

/** Arguments in the places of a {@link Signature}. */
public final class Bound {
    private final Signature signature;
    private final Object[] values;
    private final boolean[] present;

    Bound(Signature signature, Object[] values, boolean[] present) {
        this.signature = signature;
        this.values = values;
        this.present = present;
    }

    public boolean given(int i) {
        return present[i];
    }

    /** The argument, or none if it was left out. */
    public Object at(int i) {
        return present[i] ? values[i] : None.NONE;
    }

    public Object at(int i, Object fallback) {
        return present[i] ? values[i] : fallback;
    }

    public boolean isNone(int i) {
        return at(i) instanceof None;
    }

    public boolean flag(int i, boolean fallback) {
        return present[i] ? Types.truth(values[i]) : fallback;
    }

    public String text(int i) {
        Object value = at(i);
        if (value instanceof String s) {
            return s;
        }
        if (value instanceof Undefined u) {
            throw u.error();
        }
        throw new EvaluationError(describe(i) + " must be a str, got " + Types.name(value));
    }

    /** A whole number; left out gives the fallback. */
    public long whole(int i, long fallback) {
        return present[i] ? Numbers.index(values[i], describe(i)) : fallback;
    }

    private String describe(int i) {
        return "argument '" + signature.parameters().get(i) + "' of " + signature.function();
    }
}
