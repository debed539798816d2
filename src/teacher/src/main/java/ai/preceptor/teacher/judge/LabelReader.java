package ai.preceptor.teacher.judge;

import ai.preceptor.data.Message;
import ai.preceptor.data.TeacherException;
import ai.preceptor.teacher.chat.ChatModel;
import ai.preceptor.teacher.chat.LabelReading;
import ai.preceptor.teacher.chat.LabelRequest;
import java.util.ArrayList;
import java.util.List;

/** Has a model say which of two words it would reply, and finds out early that it never says them. */
final class LabelReader {
    /** Replies without a reading, from the first on, after which the words are taken for none of the model's tokens. */
    private static final int TRIED = 16;

    private final ChatModel model;
    private final List<String> labels;
    private int answered;
    private boolean read;

    /**
     * A reader.
     *
     * @param labels two different words, each one token of the model
     * @throws ai.preceptor.data.ConfigurationException if the model cannot say them in one token
     * @throws IllegalArgumentException if they are not two different words
     */
    LabelReader(ChatModel model, List<String> labels) {
        if (labels.size() != 2 || labels.get(0).equals(labels.get(1))) {
            throw new IllegalArgumentException("labels: received " + labels + ", expected two different words");
        }
        model.requireLabels(labels);
        this.model = model;
        this.labels = List.copyOf(labels);
    }

    /**
     * One reading per question. Until one could be read, a few questions are asked before the others.
     *
     * @throws TeacherException if none of the first replies tells the probabilities of both words
     */
    List<LabelReading> read(List<List<Message>> questions) {
        List<LabelRequest> requests = questions.stream()
                .map(question -> new LabelRequest(question, labels))
                .toList();
        List<LabelReading> readings = new ArrayList<>();
        while (readings.size() < requests.size()) {
            int from = readings.size();
            int to = read ? requests.size() : Math.min(requests.size(), from + TRIED);
            List<LabelReading> some = model.labels(requests.subList(from, to));
            some.forEach(this::count);
            requireRead(some);
            readings.addAll(some);
        }
        return readings;
    }

    private void count(LabelReading reading) {
        answered += reading.isAnswered() ? 1 : 0;
        read |= reading.isRead();
    }

    private void requireRead(List<LabelReading> last) {
        if (!read && answered >= TRIED) {
            String problem = last.stream()
                    .filter(LabelReading::isAnswered)
                    .map(LabelReader::problem)
                    .findFirst()
                    .orElse("");
            throw new TeacherException("teacher " + model.name() + ": none of the first " + answered
                    + " replies tells how likely both " + String.join(" and ", labels)
                    + " are: teacher_labels: expected words that are one token of the model each and that it may begin"
                    + " with; the last reason: " + problem);
        }
    }

    /** Log of the odds for the first word; infinite where one is ruled out, NaN where both are, and without a reading. */
    static double logOdds(LabelReading reading) {
        return reading.isRead() ? reading.logprobs().get(0) - reading.logprobs().get(1) : Double.NaN;
    }

    static String problem(LabelReading reading) {
        return reading.problem() == null ? "the model rules a word out" : reading.problem();
    }
}
