package ai.preceptor.cli.keys.inference;

import ai.preceptor.cli.keys.UnusedKeys;
import ai.preceptor.cli.keys.elicit.ChosenAnswer;
import ai.preceptor.cli.keys.elicit.CorrectionKeys;
import ai.preceptor.cli.keys.elicit.DemonstrationKeys;
import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.generate.SamplingSettings;
import ai.preceptor.teacher.elicit.PreferenceSelection;
import ai.preceptor.teacher.judge.JudgeSettings;
import ai.preceptor.teacher.prompts.PromptMethodName;
import ai.preceptor.teacher.prompts.PromptSettings;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a run of {@code elicit} does, as far as it says which keys have an effect. A key without one is refused where it is
 * written; at the top of a recipe it is for other stages.
 *
 * @param kind the key
 * @param method of prompts
 * @param byRow whether the rows' own answers are chosen
 * @param student whether there is a model that answers
 * @param teacher whether there is a teacher on this machine
 */
public record ElicitUse(ElicitKind kind, PromptMethodName method, boolean byRow, boolean student, boolean teacher) {
    /**
     * As it is written.
     *
     * @param texts what is written for a key; empty if nothing is
     */
    public static ElicitUse of(Function<String, List<String>> texts) {
        return new ElicitUse(
                UnusedKeys.written(ElicitKind.PREFERENCES, texts.apply("kind")),
                UnusedKeys.written(PromptMethodName.SELF_INSTRUCT, texts.apply("method")),
                UnusedKeys.written(ChosenAnswer.SCORE, texts.apply("chosen")) == ChosenAnswer.ROW,
                !texts.apply("model").isEmpty(),
                !texts.apply("teacher").isEmpty());
    }

    /**
     * What it writes for others, among {@code preferences}, {@code ranked}, {@code demonstrations}, {@code prompts} and {@code
     * dropped}.
     *
     * @param selects whether answers are selected
     */
    public List<String> written(boolean selects) {
        return switch (kind) {
            case PREFERENCES ->
                byRow
                        ? List.of("preferences")
                        : selects
                                ? List.of("preferences", "ranked", "demonstrations")
                                : List.of("preferences", "ranked");
            case DEMONSTRATIONS -> List.of("demonstrations");
            case CORRECTIONS -> List.of("preferences");
            case PROMPTS -> List.of("prompts", "dropped");
        };
    }

    /** The keys without effect, and what each has one with. */
    public Map<String, String> unused() {
        Map<String, String> unused = new LinkedHashMap<>();
        if (kind != ElicitKind.DEMONSTRATIONS) {
            put(unused, "kind=demonstrations", DefaultSettings.keys(DemonstrationKeys.class));
        }
        if (kind != ElicitKind.CORRECTIONS) {
            put(unused, "kind=corrections", DefaultSettings.keys(CorrectionKeys.class));
        }
        if (kind == ElicitKind.PROMPTS) {
            putOtherMethods(unused);
        } else {
            put(unused, "kind=prompts", DefaultSettings.keys(PromptSettings.class));
        }
        if (kind != ElicitKind.PREFERENCES || byRow) {
            String scoring = "kind=preferences and chosen=score";
            put(unused, scoring, DefaultSettings.keys(PreferenceSelection.class));
            put(unused, scoring, DefaultSettings.keys(JudgeSettings.class));
        }
        if (kind == ElicitKind.CORRECTIONS) {
            unused.remove("teacher_max_tokens");
        }
        if (kind == ElicitKind.DEMONSTRATIONS || kind == ElicitKind.PROMPTS) {
            put(unused, "kind=preferences or kind=corrections", List.of("model", "adapter"));
        }
        boolean own = kind == ElicitKind.CORRECTIONS && !student;
        if (own) {
            put(unused, "a model that answers", DefaultSettings.keys(SamplingSettings.class));
            put(unused, "a model that answers", List.of("adapter"));
            unused.remove("temperature");
        }
        if (own || kind == ElicitKind.PROMPTS) {
            put(
                    unused,
                    "kind=preferences, kind=demonstrations, or kind=corrections with a model that answers",
                    List.of("num_generations"));
        }
        if (!writesHere()) {
            put(
                    unused,
                    "a teacher on this machine" + (own ? " or a model that answers" : ""),
                    DefaultSettings.keys(DecodeSettings.class));
        }
        return unused;
    }

    /** Whether a model on this machine writes. */
    private boolean writesHere() {
        return teacher || kind == ElicitKind.PREFERENCES || (kind == ElicitKind.CORRECTIONS && student);
    }

    private void putOtherMethods(Map<String, String> unused) {
        if (method != PromptMethodName.SELF_INSTRUCT) {
            put(unused, "method=self_instruct", List.of("num_examples", "generated_examples", "prompts_per_question"));
        }
        if (method != PromptMethodName.EVOLVE) {
            put(unused, "method=evolve", List.of("rounds", "operations", "check_evolved", "copied_words"));
        }
        if (method == PromptMethodName.MAGPIE) {
            put(unused, "a method that asks in words", List.of("prompt_templates"));
        } else {
            put(unused, "method=magpie", List.of("magpie_system_prompt"));
        }
        if (!method.needsSeeds()) {
            put(unused, "data", List.of("max_rows", "on_bad_row"));
        }
    }

    private static void put(Map<String, String> unused, String needed, Collection<String> keys) {
        keys.forEach(key -> unused.putIfAbsent(key, needed));
    }
}
