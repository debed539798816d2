package ai.preceptor.track.tensorboard;

import java.util.Map;
import java.util.regex.Pattern;

/** Messages of TensorFlow's {@code event.proto} and {@code summary.proto}, and of TensorBoard's plugins for text and hyperparameters. */
final class Events {
    private static final int DT_STRING = 7;
    private static final int DATA_CLASS_TENSOR = 2;
    private static final int SESSION_START = 1;
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,18})?([eE][-+]?[0-9]{1,3})?");

    private Events() {}

    /** The first of a file. */
    static Protobuf version(double seconds) {
        return new Protobuf().real(1, seconds).text(3, "brain.Event:2");
    }

    /** From here on the file replaces events of this step and later ones in earlier files. */
    static Protobuf sessionStart(double seconds, int step) {
        return event(seconds, step).message(7, new Protobuf().integer(1, SESSION_START));
    }

    /** Numbers of a step. */
    static Protobuf scalars(double seconds, int step, Map<String, Double> values) {
        Protobuf summary = new Protobuf();
        values.forEach(
                (tag, value) -> summary.message(1, new Protobuf().text(1, tag).real(2, value.floatValue())));
        return event(seconds, step).message(5, summary);
    }

    /** A text of a step, which TensorBoard shows as Markdown. */
    static Protobuf text(double seconds, int step, String tag, String markdown) {
        Protobuf shape = new Protobuf().message(2, new Protobuf().integer(1, 1));
        Protobuf tensor = new Protobuf().integer(1, DT_STRING).message(2, shape).text(8, markdown);
        Protobuf value = new Protobuf()
                .text(1, tag)
                .message(8, tensor)
                .message(9, metadata("text", new Protobuf()).integer(4, DATA_CLASS_TENSOR));
        return event(seconds, step).message(5, new Protobuf().message(1, value));
    }

    /** The run's settings, for the page of hyperparameters. */
    static Protobuf settings(double seconds, Map<String, String> settings) {
        Protobuf start = new Protobuf();
        settings.forEach(
                (key, value) -> start.message(1, new Protobuf().text(1, key).message(2, settingValue(value))));
        start.real(5, seconds);
        return event(seconds, 0)
                .message(5, new Protobuf().message(1, hyperparameters("_hparams_/session_start_info", 3, start)));
    }

    /** {@code google.protobuf.Value}. */
    private static Protobuf settingValue(String value) {
        if (value.equals("true") || value.equals("false")) {
            return new Protobuf().integer(4, value.equals("true") ? 1 : 0);
        }
        return NUMBER.matcher(value).matches()
                ? new Protobuf().real(2, Double.parseDouble(value))
                : new Protobuf().text(3, value);
    }

    private static Protobuf hyperparameters(String tag, int field, Protobuf content) {
        return new Protobuf()
                .text(1, tag)
                .message(9, metadata("hparams", new Protobuf().integer(1, 0).message(field, content)));
    }

    private static Protobuf metadata(String plugin, Protobuf content) {
        return new Protobuf().message(1, new Protobuf().text(1, plugin).message(2, content));
    }

    private static Protobuf event(double seconds, int step) {
        return new Protobuf().real(1, seconds).integer(2, step);
    }
}
