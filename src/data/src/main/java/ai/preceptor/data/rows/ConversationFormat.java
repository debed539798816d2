package ai.preceptor.data.rows;

import ai.preceptor.data.Conversation;
import ai.preceptor.data.Message;
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
