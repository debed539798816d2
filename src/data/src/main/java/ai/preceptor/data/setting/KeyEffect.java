package ai.preceptor.data.setting;

/**
 * What a key's value has to do with the result of a run: the one place that says which keys make two runs the same.
 *
 * <table>
 * <caption>What follows from it</caption>
 * <tr><th></th><th>same on resume</th><th>told apart when compared</th><th>on a card</th></tr>
 * <tr><td>{@link #RESULT}</td><td>yes</td><td>yes</td><td>yes</td></tr>
 * <tr><td>{@link #ADDRESS}</td><td>yes</td><td>yes</td><td>no</td></tr>
 * <tr><td>{@link #REVISABLE}</td><td>no</td><td>yes</td><td>yes</td></tr>
 * <tr><td>{@link #EXECUTION}</td><td>no</td><td>yes</td><td>no</td></tr>
 * <tr><td>{@link #NONE}</td><td>no</td><td>no</td><td>no</td></tr>
 * </table>
 */
public enum KeyEffect {
    /** It changes the result: data, models, hyperparameters, the seed. */
    RESULT(true, true, true),

    /** It changes the result, and its value is an address or a file of the person who ran it. */
    ADDRESS(true, true, false),

    /**
     * It changes the result, but a resumed run may have another value: how long it trains, when it gives up, and how it is
     * measured meanwhile.
     */
    REVISABLE(false, true, true),

    /** Where and in what portions the same is computed: results agree up to rounding and the order of answers. */
    EXECUTION(false, true, false),

    /** It does not change the result: where output goes, how a run is logged, watched and saved, how calls are paced and paid. */
    NONE(false, false, false);

    private final boolean identifying;
    private final boolean compared;
    private final boolean published;

    KeyEffect(boolean identifying, boolean compared, boolean published) {
        this.identifying = identifying;
        this.compared = compared;
        this.published = published;
    }

    /** Whether a run can be resumed with the same value only. */
    public boolean isIdentifying() {
        return identifying;
    }

    /** Whether runs with different values are different experiments when they are compared. */
    public boolean isCompared() {
        return compared;
    }

    /** Whether a model's or a data set's card shows it. */
    public boolean isPublished() {
        return published;
    }
}
