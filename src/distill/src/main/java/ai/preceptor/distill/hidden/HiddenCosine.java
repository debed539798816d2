package ai.preceptor.distill.hidden;

/**
 * <b>Idea.</b> The student's hidden states point where the teacher's do; how long they are is left to it.
 *
 * <p><b>Formula.</b> {@code sum over tokens of 1 - cos(s, t)}; derivative {@code (cos s/|s| - t/|t|) / |s|}.
 *
 * <p><b>Source.</b> Sanh et al. 2019, DistilBERT, arXiv:1910.01108, section 3.
 *
 * <p><b>Departures.</b> At the loss tokens of any mapped layers, not at all tokens of the last. A vector shorter than
 * 1e-12
 * counts as that long.
 *
 * <p><b>When not to use it.</b> Where lengths carry meaning, as before a head without a norm.
 */
public record HiddenCosine() implements HiddenSimilarity {

    @Override
    public String key() {
        return "hidden_cosine";
    }

    @Override
    public boolean needsEqualWidths() {
        return true;
    }

    @Override
    public double evaluate(HiddenStates teacher, HiddenStates student, float[] gradient) {
        require(teacher, student, gradient);
        int width = student.width();
        double sum = 0;
        for (int token = 0; token < student.tokens(); token++) {
            double s = student.norm(token);
            double t = teacher.norm(token);
            double cosine = 0;
            for (int d = token * width; d < (token + 1) * width; d++) {
                cosine += student.values()[d] / s * (teacher.values()[d] / t);
            }
            for (int d = token * width; d < (token + 1) * width; d++) {
                gradient[d] = (float) ((cosine * student.values()[d] / s - teacher.values()[d] / t) / s);
            }
            sum += 1 - cosine;
        }
        return sum;
    }
}
