package ai.preceptor.distill;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyName;
import ai.preceptor.data.setting.Refusals;
import ai.preceptor.lm.TeacherDistributions;
import ai.preceptor.lm.text.EncodingException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several teachers of one student.
 *
 * <p><b>Idea.</b> A student learns what several teachers know, of every row or of those that are theirs.
 *
 * <p><b>Formula.</b> With weights w_i that add up to 1, teachers' distributions p_i with logits z_i, and any divergence D
 * from the student's q,
 *
 * <pre>
 *   sum              sum over i of w_i D(p_i, q)
 *   averaged_probs   D(sum over i of w_i p_i, q)
 *   averaged_logits  D(softmax(sum over i of w_i z_i), q)
 *   select_teacher   D(p_k, q), k the row's own teacher
 * </pre>
 *
 * <p><b>Source.</b> Mean of distributions: Hinton, Vinyals and Dean 2015, arXiv:1503.02531, section 3, and You et al. 2017,
 * Learning from Multiple Teacher Networks, KDD. The names are NeMo RL's {@code kd_loss_mode}; the row's own
 * teacher is verl's {@code teacher_key}.
 *
 * <p><b>Departures.</b> Weights are divided by their sum, also in {@code sum}, so that the loss has the same scale for any
 * number of teachers. {@code select_teacher} reads the row; NeMo RL takes the teacher of the lowest loss on the batch.
 *
 * <p><b>When not to use it.</b> {@code averaged_logits} with teachers that disagree: what one of them rules out is ruled out.
 * The forward KL with {@code sum} and with {@code averaged_probs} has the same gradient; the other divergences differ.
 *
 * @param kdLossMode how they are combined
 * @param teacherWeights one a teacher, 0 or more; null for equal ones
 * @param teacherKey column that names a row's teacher
 * @param teacherKeys names of the teachers in that column, in their order; null where rows have none
 */
public record TeacherMix(
        @Key(
                help = "several teachers: sum of the divergences from each, divergence from their mean distribution "
                        + "or mean logits, or from the row's own teacher",
                defaultValue = "sum")
        KdLossMode kdLossMode,

        @Key(help = "several teachers: weight of each, divided by their sum", defaultText = "equal", range = "[0, inf)")
        @Nullable
        List<Double> teacherWeights,

        @Key(help = "select_teacher: column of the rows that names the row's teacher", defaultValue = TeacherMix.COLUMN)
        String teacherKey,

        @Key(help = "select_teacher: the name of each teacher in the column teacher_key") @Nullable
        List<String> teacherKeys) {
    private static final String COLUMN = "teacher_key";

    /** One teacher, or several with equal weights whose divergences are added up. */
    public static final TeacherMix NONE = new TeacherMix(KdLossMode.SUM, null, COLUMN, null);

    /** @throws ai.preceptor.data.ConfigurationException naming every value that is not legal or does not fit the others */
    public TeacherMix {
        Refusals refusals = Refusals.of(TeacherMix.class, kdLossMode, teacherWeights, teacherKey, teacherKeys);
        boolean select = kdLossMode == KdLossMode.SELECT_TEACHER;
        if (teacherWeights != null && teacherWeights.stream().noneMatch(weight -> weight > 0)) {
            refusals.refuse("teacher_weights", "expected at least one above 0, found " + teacherWeights);
        } else if (teacherWeights != null && select) {
            refusals.refuse(
                    "teacher_weights",
                    "expected none with kd_loss_mode=select_teacher, where a row has one teacher, found "
                            + teacherWeights);
        }
        if (select && teacherKeys == null) {
            refusals.refuse(
                    "teacher_keys", "expected one for each teacher with kd_loss_mode=select_teacher, found none");
        } else if (!select && teacherKeys != null) {
            refusals.refuse("teacher_keys", "expected none without kd_loss_mode=select_teacher, found " + teacherKeys);
        }
        if (teacherKey.isBlank()) {
            refusals.refuse("teacher_key", "expected the name of a column, found \"" + teacherKey + "\"");
        } else if (!select && !teacherKey.equals(COLUMN)) {
            refusals.refuse(
                    "teacher_key",
                    "expected " + COLUMN + ", its default, without kd_loss_mode=select_teacher, found " + teacherKey);
        }
        refusals.throwIfAny();
    }

    /**
     * Refuses what does not fit the teachers.
     *
     * @param teachers how many there are
     * @param bucket whether they are known by their top tokens with one outcome for the rest
     */
    public void check(int teachers, boolean bucket, Checks checks) {
        if (teacherWeights != null && teacherWeights.size() != teachers) {
            checks.refuse(
                    "teacher_weights", "expected one for each of " + teachers + " teachers, found " + teacherWeights);
        }
        if (teacherKeys != null && (teacherKeys.size() != teachers || new HashSet<>(teacherKeys).size() != teachers)) {
            checks.refuse(
                    "teacher_keys",
                    "expected one for each of " + teachers + " teachers, all different, found " + teacherKeys);
        }
        if (teachers < 2 && kdLossMode != KdLossMode.SUM) {
            checks.refuse("kd_loss_mode", "expected sum with one teacher, found " + KeyName.shown(kdLossMode));
        } else if (bucket && isAveraged()) {
            checks.refuse(
                    "kd_loss_mode",
                    "expected sum or select_teacher with teacher_tail=bucket, found " + KeyName.shown(kdLossMode)
                            + ": buckets of different tokens have no mean");
        }
    }

    /** Whether one distribution is made of all. */
    public boolean isAveraged() {
        return kdLossMode == KdLossMode.AVERAGED_PROBS || kdLossMode == KdLossMode.AVERAGED_LOGITS;
    }

    /** Whether each row has a teacher of its own. */
    public boolean isSelected() {
        return kdLossMode == KdLossMode.SELECT_TEACHER;
    }

    /**
     * Which teacher a prompt names, counted from 0; 0 where rows name none.
     *
     * @throws EncodingException if it names none of them
     */
    int teacherOf(Prompt prompt) {
        if (teacherKeys == null) {
            return 0;
        }
        Object named = prompt.columns().get(teacherKey);
        int teacher = teacherKeys.indexOf(String.valueOf(named));
        if (named == null || teacher < 0) {
            throw new EncodingException("teacher_key: expected column " + teacherKey + " to be one of " + teacherKeys
                    + ", found " + (named == null ? "none" : "\"" + named + "\""));
        }
        return teacher;
    }

    /** The distributions of teachers that teach every row; not for {@link #isSelected}. */
    public DistributionSource of(List<DistributionSource> sources) {
        if (sources.size() == 1) {
            return sources.get(0);
        }
        double[] shares = new double[sources.size()];
        Arrays.setAll(shares, i -> teacherWeights == null ? 1 : teacherWeights.get(i));
        return new SeveralTeachers(
                List.copyOf(sources),
                shares,
                switch (kdLossMode) {
                    case SUM -> TeacherDistributions.Blend.SUM;
                    case AVERAGED_PROBS -> TeacherDistributions.Blend.AVERAGED_PROBS;
                    case AVERAGED_LOGITS -> TeacherDistributions.Blend.AVERAGED_LOGITS;
                    case SELECT_TEACHER -> throw new IllegalStateException("each row has one teacher");
                });
    }
}
