package ai.preceptor.distill.hidden;

/**
 * <b>Idea.</b> The student's attention becomes the teacher's, number by number.
 *
 * <p><b>Formula.</b> With a token's attention p of the teacher and q of the student, {@code sum over tokens and keys of (q -
 * p)^2}; derivative {@code 2 (q - p)}.
 *
 * <p><b>Source.</b> Jiao et al. 2020, TinyBERT, arXiv:1909.10351, eq. 7.
 *
 * <p><b>Departures.</b> The mean over heads, so that numbers of heads may differ. Probabilities, where TinyBERT compares scores
 * before the softmax: those of a token may all be shifted without any effect. A sum over keys, since a token's probabilities
 * add up to 1 however many there are.
 *
 * <p><b>When not to use it.</b> For long contexts, in which all probabilities are small: {@link AttentionKl}.
 */
public record AttentionMse() implements AttentionSimilarity {

    @Override
    public String key() {
        return "attention_mse";
    }

    @Override
    public double evaluate(float[][] teacher, float[][] student, float[][] gradient) {
        require(teacher, student, gradient);
        double sum = 0;
        for (int token = 0; token < student.length; token++) {
            for (int key = 0; key < student[token].length; key++) {
                double gap = (double) student[token][key] - teacher[token][key];
                sum += gap * gap;
                gradient[token][key] = (float) (2 * gap);
            }
        }
        return sum;
    }
}
