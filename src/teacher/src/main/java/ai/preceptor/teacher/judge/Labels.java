package ai.preceptor.teacher.judge;

import ai.preceptor.teacher.chat.ChatModel;
import ai.preceptor.teacher.chat.LabelReading;
import java.util.List;

/** Two words of which one is a model's reply. */
final class Labels {
    private Labels() {}

    static List<String> checked(List<String> labels, ChatModel model) {
        if (labels.size() != 2 || labels.get(0).equals(labels.get(1))) {
            throw new IllegalArgumentException("labels: received " + labels + ", expected two different words");
        }
        model.requireLabels(labels);
        return List.copyOf(labels);
    }

    /** Log of the odds for the first word; infinite where one is ruled out, NaN where both are, and without a reading. */
    static double logOdds(LabelReading reading) {
        return reading.isRead() ? reading.logprobs().get(0) - reading.logprobs().get(1) : Double.NaN;
    }

    static String problem(LabelReading reading) {
        return reading.problem() == null ? "the model rules a word out" : reading.problem();
    }
}
