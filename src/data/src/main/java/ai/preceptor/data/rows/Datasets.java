package ai.preceptor.data.rows;

import ai.preceptor.data.DataException;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.LabeledCompletion;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.Text;
import ai.preceptor.data.source.RowCursor;
import ai.preceptor.data.source.RowException;
import ai.preceptor.data.source.RowFiles;
import ai.preceptor.data.steps.LabeledSteps;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
        return new DatasetReader<>(PreferenceRow::parse, PreferenceRow::dropReason).read(file, maxRows, onBadRow);
    }

    /** Ranked groups: {@code prompt}, {@code responses}, {@code scores}. */
    public static Dataset<RankedGroup> rankedGroups(Path file, int maxRows, OnBadRow onBadRow) {
        return new DatasetReader<>(Datasets::rankedGroup, Datasets::dropReason).read(file, maxRows, onBadRow);
    }

    /**
     * Prompts alone: {@code prompt}, other fields allowed; or rows of {@code chosen} and {@code
     * rejected}, whose shared beginning is the prompt, also where a string {@code prompt} stands beside conversations.
     */
    public static Dataset<Prompt> prompts(Path file, int maxRows, OnBadRow onBadRow) {
        return new DatasetReader<>(Datasets::prompt, row -> null).read(file, maxRows, onBadRow);
    }

    /**
     * Answers to imitate: {@code prompt} and {@code completion}, or {@code messages}, of which every token is learnt, as TRL
     * does by default: their prompt is empty.
     */
    public static Dataset<Demonstration> demonstrations(Path file, int maxRows, OnBadRow onBadRow) {
        return new DatasetReader<>(Datasets::demonstration, row -> ifBlank(row.completion()))
                .read(file, maxRows, onBadRow);
    }

    /** Whole conversations: {@code messages}, each as the text of a prompt. */
    public static Dataset<Prompt> conversations(Path file, int maxRows, OnBadRow onBadRow) {
        return new DatasetReader<>(Datasets::conversation, row -> ifBlank(row.text())).read(file, maxRows, onBadRow);
    }

    /** Single answers with a verdict: {@code prompt}, {@code completion}, {@code label}. */
    public static Dataset<LabeledCompletion> unpaired(Path file, int maxRows, OnBadRow onBadRow) {
        return new DatasetReader<>(Datasets::labeledCompletion, row -> ifBlank(row.completion()))
                .read(file, maxRows, onBadRow);
    }

    /**
     * Answers in steps with a verdict on each: {@code prompt}, {@code completions} (the steps, strings), {@code labels}, as
     * many of true and false (or 1 and 0).
     */
    public static Dataset<LabeledSteps> steps(Path file, int maxRows, OnBadRow onBadRow) {
        return new DatasetReader<>(Datasets::labeledSteps, row -> null).read(file, maxRows, onBadRow);
    }

    /**
     * Answers that were sampled before, with what their sampler knew of them. A row has all answers to a prompt, as {@code
     * generate} writes them: {@code prompt}, {@code completions} of {@code text}, {@code token_ids}, {@code logprobs},
     * {@code finish_reason} and optionally {@code sampling_logprobs}, and {@code scores}, one per answer or null, if they
     * have been scored. Or it has a single one, as {@code policy} writes them to {@code samples.jsonl}: consecutive rows
     * of one {@code step}, {@code policy_version}, {@code group} and {@code prompt} are the answers to one prompt. {@code
     * maxRows} counts prompts, and a prompt's line is that of its first answer.
     *
     * @param limits what the answers must be; others are bad rows
     */
    public static Dataset<RecordedAnswers> recordedAnswers(
            Path file, RecordedLimits limits, int maxRows, OnBadRow onBadRow) {
        return new RecordedReader(file, limits, onBadRow).read(maxRows);
    }

    /**
     * Rows of any of the formats above with the lines they came from: ranked groups, preferences, single answers with a
     * verdict, demonstrations or prompts, in this order, as the keys of the first row say. Rows nothing can be learnt from are
     * there too, and say so.
     */
    public static Dataset<SourceRow> sources(Path file, int maxRows, OnBadRow onBadRow) {
        return new DatasetReader<>(new SourceRow.Parser(), row -> null).read(file, maxRows, onBadRow);
    }

    /**
     * What a file holds, as its first row says that can tell. Lines that are no rows are passed over: whoever reads the file
     * refuses them.
     *
     * @param kind what the keys with values other than null say; null if they do not tell
     * @return null if no row tells
     * @throws DataException if the file is missing, unreadable or of another kind
     */
    public static <K> @Nullable K kind(Path file, Function<Set<String>, @Nullable K> kind) {
        try (RowCursor cursor = RowFiles.of(file).open()) {
            while (cursor.advance()) {
                K found = kind.apply(keys(cursor));
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private static Set<String> keys(RowCursor cursor) {
        try {
            return DatasetReader.row(cursor).keysWithValues();
        } catch (RowException notARow) {
            return Set.of();
        }
    }

    static @Nullable DropReason ifBlank(Text answer) {
        return answer.isBlank() ? DropReason.EMPTY_ANSWER : null;
    }

    static RankedGroup rankedGroup(Row row) throws RowException {
        Text prompt = row.promptText("prompt");
        List<Text> responses = row.replies("responses", prompt);
        List<Double> scores = row.numbers("scores");
        if (responses.size() < 2) {
            throw RowException.key("responses", "a list of at least 2", "a list of " + responses.size());
        }
        if (scores.size() != responses.size()) {
            throw RowException.key(
                    "scores", "one per response (" + responses.size() + ")", "a list of " + scores.size());
        }
        return new RankedGroup(new Prompt(prompt, row.columns()), responses, scores);
    }

    static @Nullable DropReason dropReason(RankedGroup row) {
        if (row.responses().stream().anyMatch(Text::isBlank)) {
            return DropReason.EMPTY_ANSWER;
        }
        if (new HashSet<>(row.responses()).size() == 1) {
            return DropReason.IDENTICAL_RESPONSES;
        }
        // 0.0 and -0.0 are the same score.
        boolean tie = row.scores().stream()
                .allMatch(score -> score.doubleValue() == row.scores().get(0));
        return tie ? DropReason.TIE : null;
    }

    static Prompt prompt(Row row) throws RowException {
        if (row.has("chosen") && row.has("rejected") && PreferenceRow.isImplicit(row)) {
            Prompt prompt = PreferenceRow.parse(row).prompt();
            if (prompt.text().isBlank()) {
                throw PreferenceRow.nothingShared(row);
            }
            return prompt;
        }
        Text text = row.promptText("prompt");
        return new Prompt(text, row.columns());
    }

    static Demonstration demonstration(Row row) throws RowException {
        if (row.has("messages") && !row.has("completion")) {
            Prompt whole = conversation(row);
            return new Demonstration(new Prompt(Text.chat(), whole.columns()), whole.text());
        }
        if (!row.has("prompt") || !row.has("completion")) {
            throw new RowException(
                    "expected the keys prompt and completion, or messages; the row has the keys " + row.keys());
        }
        Text prompt = row.promptText("prompt");
        Text completion = row.reply("completion", prompt);
        return new Demonstration(new Prompt(prompt, row.columns()), completion);
    }

    private static Prompt conversation(Row row) throws RowException {
        Text messages = new Text.Chat(row.messages("messages"));
        return new Prompt(messages, row.columns());
    }

    private static LabeledSteps labeledSteps(Row row) throws RowException {
        Text prompt = row.promptText("prompt");
        List<String> steps = row.strings("completions");
        List<Boolean> labels = row.bools("labels");
        if (steps.isEmpty()) {
            throw RowException.key("completions", "at least 1 step", "an empty list");
        }
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).isBlank()) {
                throw RowException.key(
                        "completions[" + i + "]", "a step that says something", JsonDescriptions.quote(steps.get(i)));
            }
        }
        if (labels.size() != steps.size()) {
            throw RowException.key(
                    "labels", "one per step of completions (" + steps.size() + ")", "a list of " + labels.size());
        }
        return new LabeledSteps(new Prompt(prompt, row.columns()), steps, labels);
    }

    static LabeledCompletion labeledCompletion(Row row) throws RowException {
        Text prompt = row.promptText("prompt");
        Text completion = row.reply("completion", prompt);
        boolean label = row.bool("label");
        return new LabeledCompletion(new Prompt(prompt, row.columns()), completion, label);
    }
}
