package ai.preceptor.data;

import java.util.List;
import java.util.stream.Collectors;

/** A text in one of TRL's two forms: a plain string ("standard") or a list of messages ("conversational"). */
public sealed interface Text permits Text.Plain, Text.Chat {

    /** True if there is nothing to read in it: only white space, and no message with extra keys. */
    boolean isBlank();

    /** The words alone: the string itself, or the messages' contents joined by a line feed. */
    String asString();

    /** As JSON has it: a string, or a list of messages. */
    Object toJson();

    /** A plain text. */
    static Text plain(String value) {
        return new Plain(value);
    }

    /** A conversation, or a part of one. */
    static Text chat(Message... messages) {
        return new Chat(List.of(messages));
    }

    /**
     * A plain string, to be tokenized as it stands.
     *
     * @param value the string; may be empty
     */
    record Plain(String value) implements Text {
        /** A plain text; anything but null is legal. */
        public Plain {
            if (value == null) {
                throw new IllegalArgumentException("value: expected a string, received null");
            }
        }

        @Override
        public boolean isBlank() {
            return value.isBlank();
        }

        @Override
        public String asString() {
            return value;
        }

        @Override
        public Object toJson() {
            return value;
        }
    }

    /**
     * A list of messages, to be rendered by a chat template.
     *
     * @param messages the turns in order, copied; may be empty
     */
    record Chat(List<Message> messages) implements Text {
        /** Copies the list. */
        public Chat {
            messages = List.copyOf(messages);
        }

        @Override
        public boolean isBlank() {
            return messages.stream().allMatch(Message::isBlank);
        }

        @Override
        public String asString() {
            return messages.stream().map(Message::content).collect(Collectors.joining("\n"));
        }

        @Override
        public Object toJson() {
            return messages.stream().map(Message::toMap).toList();
        }
    }
}
