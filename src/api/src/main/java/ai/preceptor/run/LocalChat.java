package ai.preceptor.run;

import ai.preceptor.teacher.chat.Asked;
import ai.preceptor.teacher.chat.ChatModel;
import ai.preceptor.teacher.chat.ChatRequest;
import ai.preceptor.teacher.chat.LabelReading;
import ai.preceptor.teacher.chat.LabelRequest;
import ai.preceptor.teacher.chat.LocalChatModel;
import ai.preceptor.teacher.chat.UserTurns;
import ai.preceptor.teacher.ledger.CallLedger;
import java.util.List;

/** A language model of this device that is asked in words; closing it closes the model it owns. */
public final class LocalChat implements ChatModel, UserTurns {
    private final LoadedModel model;
    private final LocalChatModel chat;

    /**
     * Takes over a model.
     *
     * @param name for metrics and reports
     * @param ledger where its answers are kept; stays its owner's to close
     */
    public LocalChat(String name, LoadedModel model, CallLedger ledger) {
        this.model = model;
        this.chat = new LocalChatModel(
                name,
                ModelDigest.of(model.directory(), model.options().adapter()) + " "
                        + model.options().precision() + model.options().decode().label(),
                model.model(),
                model.encoder(),
                model.generator(),
                ledger);
    }

    @Override
    public String name() {
        return chat.name();
    }

    @Override
    public List<Asked> ask(List<ChatRequest> requests) {
        return chat.ask(requests);
    }

    @Override
    public List<LabelReading> labels(List<LabelRequest> requests) {
        return chat.labels(requests);
    }

    @Override
    public List<Asked> userTurns(List<UserTurns.Request> requests) {
        return chat.userTurns(requests);
    }

    @Override
    public void requireLabels(List<String> labels) {
        chat.requireLabels(labels);
    }

    @Override
    public void close() {
        model.close();
    }
}
