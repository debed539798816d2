package ai.preceptor;

import ai.preceptor.train.TrainSummary;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What learning from preferences or from a teacher came to.
 *
 * @param training the loop's account
 * @param measured on held-out rows, by transformers' names ({@code eval_loss}, {@code eval_NAME}); empty without any
 */
public record StudentSummary(TrainSummary training, Map<String, Double> measured) {
    /** Of a run that measured itself. */
    public StudentSummary(TrainSummary training) {
        this(training, training.evaluated());
    }

    /** Keeps an unmodifiable copy of the map in its order. */
    public StudentSummary {
        measured = Collections.unmodifiableMap(new LinkedHashMap<>(measured));
    }
}
