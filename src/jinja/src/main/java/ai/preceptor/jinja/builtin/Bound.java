package ai.preceptor.jinja.builtin;

import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.None;
import ai.preceptor.jinja.value.Numbers;
import ai.preceptor.jinja.value.Types;
import ai.preceptor.jinja.value.Undefined;
import org.jspecify.annotations.Nullable;

/** Arguments in the places of a {@link Signature}. */
public final class Bound {
    private final Signature signature;
    private final @Nullable Object[] values;

    /** @param values one for each parameter; null where it was left out */
    Bound(Signature signature, @Nullable Object[] values) {
        this.signature = signature;
        this.values = values;
    }

    public boolean given(int i) {
        return values[i] != null;
    }

    /** The argument, or none if it was left out. */
    public Object at(int i) {
        return at(i, None.NONE);
    }

    public Object at(int i, Object fallback) {
        Object value = values[i];
        return value == null ? fallback : value;
    }

    public boolean isNone(int i) {
        return at(i) instanceof None;
    }

    public boolean flag(int i, boolean fallback) {
        return Types.truth(at(i, fallback));
    }

    public String text(int i) {
        Object value = at(i);
        if (value instanceof String s) {
            return s;
        }
        Undefined.requireDefined(value);
        throw new EvaluationError(describe(i) + " must be a str, got " + Types.name(value));
    }

    /** A whole number; left out gives the fallback. */
    public long whole(int i, long fallback) {
        return Numbers.index(at(i, fallback), describe(i));
    }

    private String describe(int i) {
        return "argument '" + signature.parameters().get(i) + "' of " + signature.function();
    }
}
