package ai.preceptor.data.rows;

import ai.preceptor.data.Conversation;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.LabeledCompletion;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.RankedGroup;
import java.nio.file.Path;

/**
 * Reads data sets: TRL's formats and ranked groups, as JSON lines in UTF-8, plain or gzip.
 *
 * <p>Everywhere a text may be a string or a list of {@code {"role", "content"}} messages; an answer
 * to a conversation may also be a string, which stands for one assistant message. Keys that a format
 * does not name become {@link Prompt#columns()}. Rows nothing can be learnt from (ties, empty
 * answers, {@code chosen == rejected}) are dropped and counted in the {@link ReadReport}.
 *
 * <p>All methods take {@code maxRows}, the number of data rows to read from the start (dropped ones
 * included; 0 or less for all), and what to do with a row that breaks the format. All throw {@link
 * DataException} if the file is missing, unreadable or of another kind, if a row is bad and {@link
 * OnBadRow#FAIL} holds, and if no row is left.
 */
public final class Datasets {
    private Datasets() {}

    /**
     * Comparisons: {@code chosen}, {@code rejected}, optionally {@code margin} and {@code
     * chosen_probability}, and {@code prompt} or else the shared beginning of the two answers.
     */
    public static Dataset<Preference> preferences(Path file, int maxRows, OnBadRow onBadRow) {
        return new DatasetReader<>(new PreferenceFormat(), maxRows, onBadRow).read(file);
    }

    /** Ranked groups: {@code prompt}, {@code responses}, {@code scores}. */
    public static Dataset<RankedGroup> rankedGroups(Path file, int maxRows, OnBadRow onBadRow) {
        return new DatasetReader<>(new RankedFormat(), maxRows, onBadRow).read(file);
    }

    /**
     * Prompts alone: {@code prompt}, whatever else is in the row; or rows of {@code chosen} and {@code
     * rejected}, whose shared beginning is the prompt.
     */
    public static Dataset<Prompt> prompts(Path file, int maxRows, OnBadRow onBadRow) {
        return new DatasetReader<>(new PromptFormat(), maxRows, onBadRow).read(file);
    }

    /**
     * Answers to imitate: {@code prompt} and {@code completion}, or {@code messages}, of which every
     * token is learnt ({@link Conversation#wholly()}).
     */
    public static Dataset<Demonstration> demonstrations(Path file, int maxRows, OnBadRow onBadRow) {
        return new DatasetReader<>(new DemonstrationFormat(), maxRows, onBadRow).read(file);
    }

    /** Whole conversations: {@code messages}. */
    public static Dataset<Conversation> conversations(Path file, int maxRows, OnBadRow onBadRow) {
        return new DatasetReader<>(new ConversationFormat(), maxRows, onBadRow).read(file);
    }

    /** Single answers with a verdict: {@code prompt}, {@code completion}, {@code label}. */
    public static Dataset<LabeledCompletion> unpaired(Path file, int maxRows, OnBadRow onBadRow) {
        return new DatasetReader<>(new LabeledCompletionFormat(), maxRows, onBadRow).read(file);
    }
}
