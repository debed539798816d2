package ai.preceptor.teacher.prompts;

import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.lm.generate.SamplingSettings;
import java.util.List;

class MagpieTest extends PromptMethodContract {
    @Override
    protected PromptMethod method(ScriptedChat chat, long seed) {
        return new Magpie(chat, List.of(), new DefaultSettings<>(SamplingSettings.class).make(), seed);
    }

    @Override
    protected ScriptedChat chat() {
        return new ScriptedChat(question -> "What is number " + question.seed() + "?");
    }
}
