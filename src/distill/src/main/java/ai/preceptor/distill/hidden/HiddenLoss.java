package ai.preceptor.distill.hidden;

import ai.preceptor.data.ConfigurationException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which hidden states and which attention are compared, and how.
 *
 * <p>A part's value is the mean over pairs of layers of its mean over the step's loss tokens (for {@link
 * SampleRelation}, over
 * its rows).
 *
 * @param parts similarities of hidden states with their weights
 * @param attention those of attention; at least one of both kinds
 * @param layers which layer of the student learns from which of the teacher; empty for the last from the last
 */
public record HiddenLoss(List<Part> parts, List<AttentionPart> attention, List<Pair> layers) {

    /** Hidden states alone. */
    public HiddenLoss(List<Part> parts, List<Pair> layers) {
        this(parts, List.of(), layers);
    }

    /** A similarity and its factor, 0 or more. */
    public record Part(HiddenSimilarity similarity, double weight) {}

    /** A similarity of attention and its factor, 0 or more. */
    public record AttentionPart(AttentionSimilarity similarity, double weight) {}

    /**
     * Two layers, counted from 1; what a layer gives is taken before any later norm.
     *
     * @param student the student's
     * @param teacher the teacher's
     */
    public record Pair(int student, int teacher) {}

    /** @throws ConfigurationException when there is nothing to compare, or a weight is out of its range */
    public HiddenLoss {
        parts = List.copyOf(parts);
        attention = List.copyOf(attention);
        layers = List.copyOf(layers);
        if ((parts.isEmpty() && attention.isEmpty())
                || parts.stream().anyMatch(part -> !(part.weight() >= 0))
                || attention.stream().anyMatch(part -> !(part.weight() >= 0))) {
            throw new ConfigurationException("loss_weights: received " + parts + attention
                    + " for hidden states, legal: at least one, each 0 or more");
        }
    }

    /**
     * The same with its layers named.
     *
     * @param student how many layers the student has
     * @param teacher how many the teacher has
     * @throws ConfigurationException when a layer is not there
     */
    public HiddenLoss resolve(int student, int teacher) {
        if (layers.isEmpty()) {
            return new HiddenLoss(parts, attention, List.of(new Pair(student, teacher)));
        }
        List<String> problems = new ArrayList<>();
        for (Pair pair : layers) {
            if (pair.student() < 1 || pair.student() > student) {
                problems.add("student_layers: received " + pair.student() + ", legal: 1 to " + student);
            }
            if (pair.teacher() < 1 || pair.teacher() > teacher) {
                problems.add("teacher_layers: received " + pair.teacher() + ", legal: 1 to " + teacher);
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(String.join("; ", problems));
        }
        return this;
    }
}
