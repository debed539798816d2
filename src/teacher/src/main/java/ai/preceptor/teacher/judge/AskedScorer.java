package ai.preceptor.teacher.judge;

import ai.preceptor.data.Scorer;
import ai.preceptor.teacher.JudgeStats;
import ai.preceptor.teacher.JudgeTally;
import ai.preceptor.teacher.chat.ChatModel;
import java.util.Map;

/** A scorer that asks a model, with what it is told and the count of what it said. */
abstract class AskedScorer implements Scorer, JudgeStats.Source {
    final ChatModel model;
    final JudgePrompts prompts;
    final JudgeTally tally = new JudgeTally();

    /** @param model who is asked; not closed by this */
    AskedScorer(ChatModel model, JudgePrompts prompts) {
        this.model = model;
        this.prompts = prompts;
    }

    @Override
    public String name() {
        return model.name();
    }

    @Override
    public JudgeStats stats() {
        return tally.stats();
    }

    @Override
    public Map<String, Number> metrics() {
        return stats().toRow();
    }
}
