package ai.preceptor.cli.keys.elicit;

import ai.preceptor.cli.keys.UnusedKeys;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Text;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.teacher.demonstration.AnswerContext;
import ai.preceptor.teacher.demonstration.DemonstrationPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a teacher reads before a prompt that it answers itself, and how its answers are checked. */
public record DemonstrationKeys(
        @Key(help = "with kind=demonstrations: system prompt for the teacher, not included in the written rows")
        @Nullable
        String systemPrompt,

        @Key(help = "file with the system prompt", path = PathKind.FILE) @Nullable
        Path systemPromptFile,

        @Key(
                help = "with kind=demonstrations: rows of prompt and completion to show the teacher as examples "
                        + "before each prompt",
                path = PathKind.ROWS)
        @Nullable
        Path demos,

        @Key(help = "number of demos to show, drawn for each prompt by seed", defaultValue = "3", range = "[0, inf)")
        int numDemos,

        @Key(
                help = "with kind=demonstrations: ask for a chain of thought that ends in a line Answer: ...; rows "
                        + "get the columns rationale and final_answer",
                defaultValue = "false")
        boolean cot,

        @Key(help = "file with the template that asks for it", defaultText = "the program's", path = PathKind.FILE)
        @Nullable
        Path cotTemplate,

        @Key(
                help = "with kind=demonstrations: drop answers whose final value differs from the row's column "
                        + "answer, solution or ground_truth",
                defaultText = "cot")
        @Nullable
        Boolean checkAnswers)
        implements Checked {
    @Override
    public void check(Checks checks) {
        if (systemPrompt != null && systemPromptFile != null) {
            checks.refuse("system_prompt", "expected one of system_prompt and system_prompt_file, found both");
        }
        if (demos == null) {
            UnusedKeys.refuse(this, Map.of("num_demos", "demos"), checks);
        }
        if (cotTemplate != null && !cot) {
            checks.refuse("cot_template", "expected cot=true, found false");
        }
        try {
            chainOfThought();
        } catch (ConfigurationException e) {
            checks.refuse("cot_template", String.valueOf(e.getMessage()));
        }
    }

    /** Whether answers are compared with the row's own. */
    public boolean checksAnswers() {
        return checkAnswers == null ? cot : checkAnswers;
    }

    private String chainOfThought() {
        if (!cot) {
            return "";
        }
        return cotTemplate == null ? AnswerContext.chainOfThought() : AnswerContext.chainOfThought(cotTemplate);
    }

    /**
     * What the teacher reads before each prompt.
     *
     * @param seed of the demonstrations
     * @throws ConfigurationException if there are too few demonstrations, or a file cannot be read
     * @throws ai.preceptor.data.DataException if a row of {@code demos} is bad
     */
    public AnswerContext context(long seed) {
        DemonstrationPool pool =
                demos == null ? DemonstrationPool.NONE : new DemonstrationPool(demonstrations(demos), numDemos, seed);
        return new AnswerContext(AnswerContext.joined(instruction(), chainOfThought()), pool);
    }

    private String instruction() {
        if (systemPromptFile == null) {
            return systemPrompt == null ? "" : systemPrompt;
        }
        try {
            return Files.readString(systemPromptFile);
        } catch (IOException e) {
            throw new ConfigurationException(
                    "system_prompt_file: " + systemPromptFile + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<Demonstration> demonstrations(Path file) {
        return Datasets.demonstrations(file, 0, OnBadRow.FAIL)
                .require(
                        file,
                        OnBadRow.FAIL,
                        row -> row.prompt().text().isBlank() && row.prompt().text() instanceof Text.Chat
                                ? Optional.of("expected a prompt and a completion, found messages")
                                : Optional.empty())
                .rows();
    }
}
