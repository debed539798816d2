package ai.preceptor.teacher.served.client;

import ai.preceptor.data.Message;
import java.util.List;

/** A call that has a server continue a conversation. */
sealed interface ConversationCall extends TeacherCall permits ChatCall, LabelCall {
    /** The conversation. */
    List<Message> messages();

    @Override
    default String path() {
        return ChatBody.PATH;
    }

    @Override
    default int promptTokens() {
        return new ChatBody(messages()).promptTokens();
    }

    @Override
    default int mostPromptTokens() {
        return new ChatBody(messages()).mostPromptTokens();
    }
}
