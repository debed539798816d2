package ai.preceptor.distill.hidden;

/**
 * <b>Idea.</b> The student looks where the teacher looks.
 *
 * <p><b>Formula.</b> With a token's attention p of the teacher and q of the student, {@code sum over tokens of KL(p || q)};
 * derivative by q {@code -p / q}.
 *
 * <p><b>Source.</b> Wang et al. 2020, MiniLM, arXiv:2002.10957, section 3.1, eq. 6: there of each head, whose numbers are then
 * the same in both.
 *
 * <p><b>Departures.</b> The mean over heads, so that numbers of heads may differ; at the loss tokens, of any mapped layers. A
 * probability below 1e-12 counts as that.
 *
 * <p><b>When not to use it.</b> Alone: where a model looks says little of what it says.
 */
public record AttentionKl() implements AttentionSimilarity {
    private static final double LEAST = 1e-12;

    @Override
    public String key() {
        return "attention_kl";
    }

    @Override
    public double evaluate(float[][] teacher, float[][] student, float[][] gradient) {
        require(teacher, student, gradient);
        double sum = 0;
        for (int token = 0; token < student.length; token++) {
            for (int key = 0; key < student[token].length; key++) {
                double p = teacher[token][key];
                double q = Math.max(LEAST, student[token][key]);
                sum += p > 0 ? p * (Math.log(p) - Math.log(q)) : 0;
                gradient[token][key] = (float) (-p / q);
            }
        }
        return sum;
    }
}
