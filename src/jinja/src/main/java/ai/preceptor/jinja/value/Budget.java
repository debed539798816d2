package ai.preceptor.jinja.value;

import java.math.BigInteger;

/** The remainder of the {@link Limits} in one rendering. */
public final class Budget {
    /** Chars that are looked at one by one in one step. */
    private static final int READ_PER_STEP = 32;

    /** Chars that are copied or compared in one step. */
    private static final int COPIED_PER_STEP = 64;

    /** What the digits of a float near 1 cost. */
    private static final int STEPS_PER_FLOAT = 32;

    /** Operations in one step. */
    private static final int OPERATIONS_PER_STEP = 8;

    private final Limits limits;
    private long steps;
    private int operations;

    public Budget(Limits limits) {
        this.limits = limits;
        this.steps = limits.steps();
    }

    /** One loop round, call or element. */
    public void step() {
        spend(1);
    }

    /** One statement, operator, argument or comparison of keys: a part of a step. */
    public void operation() {
        if (++operations % OPERATIONS_PER_STEP == 0) {
            step();
        }
    }

    /** That many operations. */
    public void operations(int count) {
        spend(count / OPERATIONS_PER_STEP);
    }

    /**
     * Pays for steps.
     *
     * @param count 0 or more
     * @throws EvaluationError when the steps of this rendering are used up
     */
    public void spend(long count) {
        steps -= Math.max(0, count);
        if (steps < 0) {
            throw new EvaluationError("the template runs for more than " + limits.steps() + " steps");
        }
    }

    /** Checks the length of a text about to be made, and pays for it. */
    public void text(long chars) {
        if (chars > limits.textChars()) {
            throw new EvaluationError("a text of " + chars + " chars; at most " + limits.textChars() + " are allowed");
        }
        spend(chars / READ_PER_STEP);
    }

    /** Checks how long a text has become, and pays for what is added. */
    public void output(long total, int added) {
        if (total > limits.textChars()) {
            throw new EvaluationError("a text grows beyond " + limits.textChars() + " chars");
        }
        spend(added / COPIED_PER_STEP);
    }

    /** Pays for running through that many chars at the speed of a copy. */
    void scan(int chars) {
        spend(chars / COPIED_PER_STEP);
    }

    /** Pays for running through a value, if it is a text, at the speed of a copy. */
    public void read(Object value) {
        if (value instanceof String text) {
            scan(text.length());
        }
    }

    /** Pays for the digits of a number: those of a float are exact ones, and more the further it is from 1. */
    public void digits(Object number) {
        if (number instanceof Double d && d != 0) {
            spend(STEPS_PER_FLOAT + Math.abs(Math.getExponent(d)) / 4);
        } else if (number instanceof BigInteger big) {
            spend(big.bitLength());
        }
    }

    /** Checks the length of a list about to be made, and pays for it. */
    public void elements(long count) {
        if (count > limits.textChars()) {
            throw new EvaluationError(
                    "a list of " + count + " elements; at most " + limits.textChars() + " are allowed");
        }
        spend(count);
    }

    /** Pays for looking for one text in another. */
    public void search(String where, String what) {
        spend(where.length() / READ_PER_STEP + (long) where.length() * what.length() / 512);
    }

    /** Checks how deep values lie inside each other. */
    public void depth(int depth) {
        if (depth > limits.valueDepth()) {
            throw new EvaluationError("values nest deeper than " + limits.valueDepth() + " levels");
        }
    }

    /** Checks how deep macros call each other. */
    public void callDepth(int depth) {
        if (depth > limits.callDepth()) {
            throw new EvaluationError("macros call each other deeper than " + limits.callDepth() + " levels");
        }
    }
}
