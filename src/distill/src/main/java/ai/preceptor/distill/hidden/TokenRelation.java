package ai.preceptor.distill.hidden;

import ai.preceptor.lm.batch.Span;

/**
 * <b>Idea.</b> Tokens of an answer are as similar to each other for the student as for the teacher; where in space they lie, and in
 * how many dimensions, is left to it.
 *
 * <p><b>Formula.</b> With n loss tokens in a row and {@code R_ij} the cosine of tokens i and j,
 *
 * <pre>  sum over rows of n * 1/n^2 sum over i and j of (R^s_ij - R^t_ij)^2</pre>
 *
 * <p><b>Source.</b> Relations instead of representations: Park et al. 2019, Relational Knowledge Distillation, arXiv:1904.05068,
 * section 3; relations among the tokens of a sequence: Wang et al. 2021, MiniLMv2, arXiv:2012.15828, section 3.1.
 *
 * <p><b>Departures.</b> Cosines and a squared difference, where MiniLMv2 takes a softmax of scaled products and a KL; a row
 * weighs by its tokens, so that the step's sum is a mean over tokens.
 *
 * <p><b>Masking.</b> Learnt tokens only, within their row.
 *
 * <p><b>When not to use it.</b> Alone: it says nothing of what the tokens mean. Very long rows cost the square of their length.
 */
public record TokenRelation() implements HiddenSimilarity {

    @Override
    public String key() {
        return "token_relation";
    }

    @Override
    public boolean needsEqualWidths() {
        return false;
    }

    @Override
    public double evaluate(HiddenStates teacher, HiddenStates student, float[] gradient) {
        require(teacher, student, gradient);
        double sum = 0;
        for (Span row : student.rows()) {
            double[][] slope = new double[row.length()][student.width()];
            double gap = CosineMatrix.of(vectors(student, row))
                    .meanSquaredGap(CosineMatrix.of(vectors(teacher, row)), slope);
            sum += row.length() * gap;
            for (int i = 0; i < row.length(); i++) {
                for (int d = 0; d < student.width(); d++) {
                    gradient[(row.from() + i) * student.width() + d] = (float) (row.length() * slope[i][d]);
                }
            }
        }
        return sum;
    }

    private static double[][] vectors(HiddenStates states, Span row) {
        double[][] vectors = new double[row.length()][states.width()];
        for (int i = 0; i < row.length(); i++) {
            for (int d = 0; d < states.width(); d++) {
                vectors[i][d] = states.values()[(row.from() + i) * states.width() + d];
            }
        }
        return vectors;
    }
}
