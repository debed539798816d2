package ai.preceptor.distill.hidden;

import ai.preceptor.lm.batch.Span;
import java.util.List;

/**
 * <b>Idea.</b> Answers that are alike for the teacher are alike for the student.
 *
 * <p><b>Formula.</b> With b rows in a micro-batch, a row being the mean hidden state of its loss tokens, and {@code
 * R_ij} the
 * cosine of rows i and j,
 *
 * <pre>  b * 1/b^2 sum over i and j of (R^s_ij - R^t_ij)^2</pre>
 *
 * <p><b>Source.</b> Tung and Mori 2019, Similarity-Preserving Knowledge Distillation, arXiv:1907.09682, eq. 4.
 *
 * <p><b>Departures.</b> Cosines, where the paper divides each row of the matrix of products by its length; weighed by rows, so
 * that a step is a mean over its rows. Only rows of one micro-batch are compared: with {@code batch_size} 1 there is nothing to
 * learn, and eight micro-batches of one are not one of eight.
 *
 * <p><b>When not to use it.</b> Alone, or with few rows in a micro-batch.
 */
public record SampleRelation() implements HiddenSimilarity {

    @Override
    public String key() {
        return "sample_relation";
    }

    @Override
    public boolean needsEqualWidths() {
        return false;
    }

    @Override
    public boolean countsRows() {
        return true;
    }

    @Override
    public double evaluate(HiddenStates teacher, HiddenStates student, float[] gradient) {
        require(teacher, student, gradient);
        List<Span> rows = student.rows();
        double[][] slope = new double[rows.size()][student.width()];
        double gap = CosineMatrix.of(means(student)).meanSquaredGap(CosineMatrix.of(means(teacher)), slope);
        for (int row = 0; row < rows.size(); row++) {
            Span span = rows.get(row);
            for (int token = span.from(); token < span.to(); token++) {
                for (int d = 0; d < student.width(); d++) {
                    gradient[token * student.width() + d] = (float) (rows.size() * slope[row][d] / span.length());
                }
            }
        }
        return rows.size() * gap;
    }

    private static double[][] means(HiddenStates states) {
        double[][] means = new double[states.rows().size()][states.width()];
        for (int row = 0; row < means.length; row++) {
            Span span = states.rows().get(row);
            for (int token = span.from(); token < span.to(); token++) {
                for (int d = 0; d < states.width(); d++) {
                    means[row][d] += states.values()[token * states.width() + d] / (double) span.length();
                }
            }
        }
        return means;
    }
}
