package ai.preceptor.teacher.prompts;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Message;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.data.setting.Refusals;
import ai.preceptor.lm.generate.SamplingSettings;
import ai.preceptor.teacher.chat.ChatModel;
import ai.preceptor.teacher.chat.ChatSampling;
import ai.preceptor.teacher.chat.UserTurns;
import ai.preceptor.teacher.prompts.SelfInstruct.Examples;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How prompts are made. The keys' help texts describe the components. */
public record PromptSettings(
        @Key(
                help = "how prompts are made: self_instruct (similar to those in data), evolve (harder versions of "
                        + "those in data), meta (from attributes), magpie (the teacher continues a user's turn)",
                defaultValue = "self_instruct")
        PromptMethodName method,

        @Key(
                help = "number of new prompts",
                defaultText = "evolve: data times rounds; required with others",
                range = "[1, inf)")
        @Nullable
        Integer numPrompts,

        @Key(
                help = "stop after this many consecutive questions without a new prompt",
                defaultValue = "100",
                range = "[1, inf)")
        int maxQuestionsWithoutPrompt,

        @Key(
                help = "directory with your own templates, by name: self_instruct.txt, meta.txt, equal.txt, "
                        + "constraints.txt, ...",
                path = PathKind.DIRECTORY)
        @Nullable
        Path promptTemplates,

        @Group(title = "New prompts") PromptRuleSettings rules,

        @Key(help = "self_instruct: examples per question", defaultValue = "8", range = "[1, inf)")
        int numExamples,

        @Key(
                help = "self_instruct: maximum examples from earlier generated prompts",
                defaultValue = "2",
                range = "[0, inf)")
        int generatedExamples,

        @Key(help = "self_instruct: prompts requested per question", defaultValue = "8", range = "[1, inf)")
        int promptsPerQuestion,

        @Key(help = "evolve: number of rounds", defaultValue = "4", range = "[1, inf)")
        int rounds,

        @Key(help = "evolve: operations to draw from", defaultText = "all six") @Nullable
        List<EvolveOperation> operations,

        @Key(
                help = "evolve: let the teacher answer each new prompt, and drop those it cannot answer",
                defaultValue = "true")
        boolean checkEvolved,

        @Key(
                help = "evolve: phrases of the templates that no new prompt may copy",
                defaultText = "given prompt, rewritten prompt, created prompt, #prompt, <prompt, </prompt")
        @Nullable
        List<String> copiedWords,

        @Key(help = "meta: JSON object of lists, {\"domain\": [\"maths\", \"law\"], ...}", path = PathKind.FILE)
        @Nullable
        Path attributes,

        @Key(help = "magpie: system message before the user's turn", defaultText = "that of the chat template")
        @Nullable
        String magpieSystemPrompt) {

    /** Phrases of templates that show that a prompt copies them. */
    static final List<String> COPIED =
            List.of("given prompt", "rewritten prompt", "created prompt", "#prompt", "<prompt", "</prompt");

    /** @throws ai.preceptor.data.ConfigurationException if a number is out of its range, or a method lacks what it needs */
    public PromptSettings {
        operations = operations == null ? null : List.copyOf(operations);
        copiedWords = copiedWords == null ? null : List.copyOf(copiedWords);
        Refusals refusals = Refusals.of(
                PromptSettings.class,
                method,
                numPrompts,
                maxQuestionsWithoutPrompt,
                promptTemplates,
                rules,
                numExamples,
                generatedExamples,
                promptsPerQuestion,
                rounds,
                operations,
                checkEvolved,
                copiedWords,
                attributes,
                magpieSystemPrompt);
        if (generatedExamples > numExamples) {
            refusals.refuse(
                    "generated_examples",
                    "expected at most num_examples, " + numExamples + ", found " + generatedExamples);
        }
        if (operations != null && operations.isEmpty()) {
            refusals.refuse("operations", "expected one or more, found none");
        }
        refusals.throwIfAny();
    }

    /**
     * Prompts that are wanted from so many seeds.
     *
     * @throws ConfigurationException if they are more than {@link Integer#MAX_VALUE}
     */
    public int wanted(int seeds) {
        if (numPrompts != null) {
            return numPrompts;
        }
        int most = Integer.MAX_VALUE / Math.max(1, seeds);
        if (rounds > most) {
            throw new ConfigurationException("rounds: expected an integer in [1, " + most + "] with " + seeds
                    + " prompts and without num_prompts, found " + rounds);
        }
        return Math.max(1, seeds * rounds);
    }

    /**
     * What can be prepared without a model, and refused.
     *
     * @throws ai.preceptor.data.ConfigurationException if a template or the attributes cannot be read
     */
    public Prepared prepared() {
        PromptTemplates templates = PromptTemplates.read(promptTemplates);
        boolean meta = method == PromptMethodName.META;
        Attributes columns =
                meta ? Attributes.read("attributes", Objects.requireNonNull(attributes, "attributes")) : null;
        return new Prepared(this, templates, columns);
    }

    /**
     * Settings with the files that they name.
     *
     * @param attributes of {@code meta}; else null
     */
    public record Prepared(
            PromptSettings settings,
            PromptTemplates templates,
            @Nullable Attributes attributes) {
        /**
         * The method.
         *
         * @param model who is asked; one that is {@link UserTurns}, too, with {@code magpie}
         * @param sampling how it writes
         * @param seed decides what is drawn
         */
        public PromptMethod with(ChatModel model, SamplingSettings sampling, long seed) {
            Questions questions =
                    new Questions(model, new ChatSampling(sampling.temperature(), sampling.maxNewTokens(), seed));
            return switch (settings.method()) {
                case SELF_INSTRUCT ->
                    new SelfInstruct(
                            questions,
                            templates.named(SelfInstruct.TEMPLATE),
                            new Examples(settings.numExamples, settings.generatedExamples, settings.promptsPerQuestion),
                            seed);
                case EVOLVE -> evolve(questions, seed);
                case META ->
                    new MetaPrompts(
                            questions,
                            templates.named(MetaPrompts.TEMPLATE),
                            Objects.requireNonNull(attributes, "read above"),
                            seed);
                case MAGPIE -> new Magpie(turns(model), before(), sampling, seed);
            };
        }

        private Evolve evolve(Questions questions, long seed) {
            List<EvolveOperation> drawn =
                    settings.operations == null ? Arrays.asList(EvolveOperation.values()) : settings.operations;
            List<String> copied = settings.copiedWords == null ? COPIED : settings.copiedWords;
            return new Evolve(
                    questions,
                    templates.of(drawn),
                    templates.named(Evolve.EQUAL),
                    new Evolve.Settings(settings.rounds, settings.checkEvolved, copied, seed));
        }

        private List<Message> before() {
            return settings.magpieSystemPrompt == null
                    ? List.of()
                    : List.of(Message.system(settings.magpieSystemPrompt));
        }

        private static UserTurns turns(ChatModel model) {
            if (model instanceof UserTurns turns) {
                return turns;
            }
            throw new IllegalArgumentException(
                    "model: magpie needs a model on this machine, whose chat template it continues, received "
                            + model.name());
        }
    }
}
