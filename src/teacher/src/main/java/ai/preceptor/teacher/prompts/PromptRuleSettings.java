package ai.preceptor.teacher.prompts;

import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.Refusals;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a new prompt must be, where it is not what its method asks for. The keys' help texts describe the components. */
public record PromptRuleSettings(
        @Key(help = "minimum words of a new prompt", defaultText = "4 with self_instruct, else 1", range = "[1, inf)")
        @Nullable
        Integer minPromptWords,

        @Key(
                help = "maximum words of a new prompt",
                defaultText = "150 with self_instruct, else any",
                range = "[1, inf)")
        @Nullable
        Integer maxPromptWords,

        @Key(
                help = "words that no new prompt may contain",
                defaultText = "Self-Instruct's with self_instruct (image, file, draw, ...), else none")
        @Nullable
        List<String> promptBlacklist,

        @Key(
                help = "whether a new prompt must start with an ASCII letter or digit",
                defaultText = "true with self_instruct")
        @Nullable
        Boolean asciiStart,

        @Key(
                help = "drop new prompts with at least this ROUGE-L with a seed or an earlier prompt",
                defaultText = "0.7 with self_instruct, else none",
                range = "(0, 1]")
        @Nullable
        Double rougeThreshold) {

    /** @throws ai.preceptor.data.ConfigurationException if a number is out of its range */
    public PromptRuleSettings {
        promptBlacklist = promptBlacklist == null ? null : List.copyOf(promptBlacklist);
        Refusals refusals = Refusals.of(
                PromptRuleSettings.class, minPromptWords, maxPromptWords, promptBlacklist, asciiStart, rougeThreshold);
        if (minPromptWords != null && maxPromptWords != null && minPromptWords > maxPromptWords) {
            refusals.refuse(
                    "max_prompt_words",
                    "expected " + minPromptWords + " or more, the minimum, found " + maxPromptWords);
        }
        refusals.throwIfAny();
    }

    /** The rules for a method. */
    public PromptRules of(PromptMethodName method) {
        PromptRules usual = method == PromptMethodName.SELF_INSTRUCT ? PromptRules.SELF_INSTRUCT : PromptRules.ANY;
        int min = minPromptWords != null ? minPromptWords : usual.minWords();
        int max = maxPromptWords != null ? maxPromptWords : Math.max(min, usual.maxWords());
        return new PromptRules(
                Math.min(min, max),
                max,
                promptBlacklist != null ? promptBlacklist : usual.blacklist(),
                asciiStart != null ? asciiStart : usual.asciiStart(),
                rougeThreshold != null ? rougeThreshold : usual.rougeThreshold());
    }
}
