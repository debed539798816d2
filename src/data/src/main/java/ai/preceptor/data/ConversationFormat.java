package ai.preceptor.data;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** TRL's conversational language modelling rows: {@code messages}. */
final class ConversationFormat implements RowFormat<Conversation> {

    @Override
    public Conversation parse(Row row) throws RowException {
        List<Message> messages = row.messages("messages");
        return new Conversation(messages, row.columns());
    }

    @Override
    public @Nullable DropReason dropReason(Conversation row) {
        return row.messages().stream().allMatch(Message::isBlank) ? DropReason.EMPTY_ANSWER : null;
    }
}
