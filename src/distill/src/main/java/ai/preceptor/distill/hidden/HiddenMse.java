package ai.preceptor.distill.hidden;

/**
 * <b>Idea.</b> The student's hidden states become the teacher's, number by number.
 *
 * <p><b>Formula.</b> {@code sum over tokens of 1/d |s - t|^2}; derivative {@code 2/d (s - t)}.
 *
 * <p><b>Source.</b> Jiao et al. 2020, TinyBERT, arXiv:1909.10351, eq. 8; hints with a regressor, Romero et al. 2015, FitNets,
 * arXiv:1412.6550, eq. 3.
 *
 * <p><b>Departures.</b> At the loss tokens only. The projection, where widths differ, maps the student's states to the
 * teacher's width, as in both papers.
 *
 * <p><b>When not to use it.</b> Where scales of the two differ widely (a few outlier dimensions of large models decide it all):
 * {@link HiddenCosine} or {@link TokenRelation}.
 */
public record HiddenMse() implements HiddenSimilarity {

    @Override
    public String key() {
        return "hidden_mse";
    }

    @Override
    public boolean needsEqualWidths() {
        return true;
    }

    @Override
    public double evaluate(HiddenStates teacher, HiddenStates student, float[] gradient) {
        require(teacher, student, gradient);
        double sum = 0;
        for (int i = 0; i < gradient.length; i++) {
            double gap = (double) student.values()[i] - teacher.values()[i];
            sum += gap * gap;
            gradient[i] = (float) (2 * gap / student.width());
        }
        return sum / student.width();
    }
}
