package ai.preceptor.teacher.judge;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Prompted;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.rows.RowFormat;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.teacher.Judge;
import ai.preceptor.teacher.MixedScorer;
import ai.preceptor.teacher.OrderBalancedJudge;
import ai.preceptor.teacher.ScorerJudge;
import ai.preceptor.teacher.TournamentScorer;
import ai.preceptor.teacher.chat.ChatModel;
import ai.preceptor.teacher.chat.Principles;
import ai.preceptor.teacher.chat.PromptTemplate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a teacher that is asked in words judges.
 *
 * @param teacherMode what it is asked; null for a served teacher's grade, and for a local model's reward or likelihood
 * @param teacherTemplate a file in place of the standard words; null for these
 * @param teacherMaxTokens most tokens of a reply, 1 or more
 * @param teacherVotes replies to each question, 1 or more
 * @param teacherTemperature of the replies; null for 0 with one vote and 1 with several
 * @param teacherPrinciples a file of principles, one drawn for each prompt; null for the standard one
 * @param teacherLabels the two words whose probabilities are read; null for the mode's own
 * @param probabilityClamp bounds probabilities to [this, 1 - this]; null to leave them
 */
public record JudgeSettings(
        @Key(
                help = "what the teacher is asked for: grades (score, aspects, rubric), comparisons (compare, "
                        + "probability), yes or no, or a ranking",
                defaultText = "score for teacher_url; reward or likelihood, without a question, for teacher")
        @Nullable
        TeacherMode teacherMode,

        @Key(
                help = "file with the judge prompt; docs/teachers.md describes it",
                defaultText = "the program's, by teacher_mode",
                path = PathKind.FILE)
        @Nullable
        Path teacherTemplate,

        @Key(help = "maximum tokens of a reply", defaultValue = "512", range = "[1, inf)")
        int teacherMaxTokens,

        @Key(help = "replies to each question, which are averaged", defaultValue = "1", range = "[1, 1024]")
        int teacherVotes,

        @Key(
                help = "sampling temperature of the replies",
                defaultText = "0 with one vote, 1 with several",
                range = "[0, inf)")
        @Nullable
        Double teacherTemperature,

        @Key(
                help = "file of principles, one a line; one is drawn for each prompt and inserted at {{principle}} "
                        + "in the judge prompt",
                path = PathKind.FILE)
        @Nullable
        Path teacherPrinciples,

        @Key(
                help = "two words whose probabilities are read, the better one first",
                defaultText = "A and B with probability, Yes and No with yes_no")
        @Nullable
        List<String> teacherLabels,

        @Key(
                help = "with probability: clamp probabilities to [this, 1 - this]",
                defaultText = "no clamping",
                range = "(0, 0.5)")
        @Nullable
        Double probabilityClamp)
        implements Checked {
    private static final int MAX_TOKENS = 512;
    private static final int LABEL_DIGITS = 16;

    /** A mode with everything else at its default. */
    public static JudgeSettings of(TeacherMode mode) {
        return new JudgeSettings(mode, null, MAX_TOKENS, 1, null, null, null, null);
    }

    @Override
    public void check(Checks checks) {
        TeacherMode mode = mode();
        if (mode.readsLabels() && teacherVotes > 1) {
            checks.refuse(
                    "teacher_votes",
                    "expected 1 with teacher_mode=" + label(mode) + ", which reads probabilities, found "
                            + teacherVotes);
        }
        if (teacherVotes > 1 && teacherTemperature != null && teacherTemperature == 0) {
            checks.refuse(
                    "teacher_temperature",
                    "expected above 0 with teacher_votes=" + teacherVotes + ", whose replies would be equal, found 0");
        }
        if (teacherTemperature != null && mode.readsLabels()) {
            checks.refuse(
                    "teacher_temperature",
                    "expected none with teacher_mode=" + label(mode) + ", which reads probabilities, found "
                            + teacherTemperature);
        }
        if (teacherMaxTokens != MAX_TOKENS && mode.readsLabels()) {
            checks.refuse(
                    "teacher_max_tokens",
                    "expected none with teacher_mode=" + label(mode) + ", which reads probabilities, found "
                            + teacherMaxTokens);
        }
        if (teacherLabels != null
                && (!mode.readsLabels()
                        || teacherLabels.size() != 2
                        || new HashSet<>(teacherLabels).size() != 2
                        || teacherLabels.stream().anyMatch(String::isBlank))) {
            checks.refuse(
                    "teacher_labels",
                    "expected two different words with teacher_mode=probability or yes_no, found " + teacherLabels
                            + shownMode());
        }
        if (probabilityClamp != null && mode != TeacherMode.PROBABILITY) {
            checks.refuse(
                    "probability_clamp", "expected teacher_mode=probability, found " + probabilityClamp + shownMode());
        }
        try {
            principles();
        } catch (ConfigurationException e) {
            checks.refuse("teacher_principles", String.valueOf(e.getMessage()));
        }
        try {
            template();
        } catch (ConfigurationException e) {
            checks.refuse("teacher_template", String.valueOf(e.getMessage()));
        }
    }

    /**
     * Refuses what only a teacher that is asked in words has.
     *
     * @param expected what there would have to be
     */
    public void checkUnused(String expected, Checks checks) {
        Map<String, @Nullable Object> given = new LinkedHashMap<>();
        given.put("teacher_template", teacherTemplate);
        given.put("teacher_votes", teacherVotes == 1 ? null : teacherVotes);
        given.put("teacher_temperature", teacherTemperature);
        given.put("teacher_principles", teacherPrinciples);
        given.put("teacher_labels", teacherLabels);
        given.put("probability_clamp", probabilityClamp);
        given.forEach((key, value) -> {
            if (value != null) {
                checks.refuse(key, "expected " + expected + ", found " + value + " without");
            }
        });
    }

    /**
     * What scores depend on, for where they are kept: of files what is in them, by the first digits of its SHA-256, not where
     * they lie.
     *
     * @throws ConfigurationException if a file cannot be read, or is not as it must be
     */
    public String label() {
        StringBuilder label = new StringBuilder();
        label.append(mode()).append(", ");
        label.append(
                teacherTemplate == null
                        ? "standard template"
                        : "template " + digits(template().digest()));
        append(label, "max_tokens", mode().readsLabels() || teacherMaxTokens == MAX_TOKENS ? null : teacherMaxTokens);
        append(label, "votes", teacherVotes == 1 ? null : teacherVotes);
        append(label, "temperature", teacherTemperature);
        append(
                label,
                "principles",
                teacherPrinciples == null ? null : digits(principles().digest()));
        append(label, "labels", teacherLabels);
        append(label, "clamp", probabilityClamp);
        return label.toString();
    }

    private static void append(StringBuilder label, String name, @Nullable Object value) {
        if (value != null) {
            label.append(", ").append(name).append(' ').append(value);
        }
    }

    private static String digits(String digest) {
        return digest.substring(0, LABEL_DIGITS);
    }

    private static String label(TeacherMode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }

    /** As it is written; without one it may be that nobody is asked anything. */
    private String shownMode() {
        return teacherMode == null ? " without teacher_mode" : " with teacher_mode=" + label(teacherMode);
    }

    private Principles principles() {
        return teacherPrinciples == null
                ? Principles.standard(JudgeSettings.class, "principle.txt")
                : Principles.read(teacherPrinciples);
    }

    private PromptTemplate template() {
        return teacherTemplate == null
                ? mode().standardTemplate()
                : mode().template(teacherTemplate, teacherPrinciples != null);
    }

    /**
     * What the model is told.
     *
     * @param seed for the draw of principles
     * @throws ConfigurationException if a file cannot be read, or is not as it must be
     */
    public JudgePrompts prompts(long seed) {
        return new JudgePrompts(template(), principles(), seed);
    }

    private Votes votes(long seed) {
        double temperature = teacherTemperature != null ? teacherTemperature : teacherVotes > 1 ? 1 : 0;
        return new Votes(teacherVotes, temperature, seed, teacherMaxTokens);
    }

    private List<String> labels() {
        return teacherLabels == null ? mode().labels() : teacherLabels;
    }

    /** Whether comparisons come with probabilities that are worth keeping with the pairs. */
    public boolean givesProbabilities() {
        return teacherMode == TeacherMode.PROBABILITY;
    }

    /** Whether a model's probabilities of words are read, so that it writes nothing. */
    public boolean readsLabels() {
        return teacherMode != null && teacherMode.readsLabels();
    }

    /** The names of the parts that its scores have, which are columns of ranked rows. */
    public List<String> parts() {
        return mode() == TeacherMode.ASPECTS ? AspectGrades.names() : List.of();
    }

    /** What a teacher that is asked in words is asked. */
    public TeacherMode mode() {
        return teacherMode == null ? TeacherMode.SCORE : teacherMode;
    }

    /**
     * Rows whose answers can be judged: with a rubric, if that is what they are judged by. Another is a bad row, with file
     * and line, before any model loads.
     */
    public <R extends Prompted> RowFormat.Reader<R> checked(RowFormat.Reader<R> reader) {
        return mode() != TeacherMode.RUBRIC
                ? reader
                : (file, maxRows, onBadRow) ->
                        reader.read(file, maxRows, onBadRow).require(file, onBadRow, row -> problem(row.prompt()));
    }

    private static Optional<String> problem(Prompt prompt) {
        try {
            Rubric.of(prompt);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of("teacher_mode=rubric: " + e.getMessage());
        }
    }

    /**
     * A scorer of answers; without a mode one that grades from 1 to 10.
     *
     * @param model who is asked; not closed by the scorer
     * @param seed for principles, orders and votes
     * @throws ConfigurationException if a file is not as it must be, or the model cannot say the words in one token
     */
    public Scorer scorer(ChatModel model, long seed) {
        JudgePrompts prompts = prompts(seed);
        return switch (mode()) {
            case SCORE -> new ChatScorer(model, prompts, new Grades(), votes(seed));
            case ASPECTS -> new ChatScorer(model, prompts, new AspectGrades(), votes(seed));
            case RUBRIC -> new ChatScorer(model, prompts, new RubricGrades(), votes(seed));
            case YES_NO -> new YesNoScorer(model, prompts, labels());
            case RANK -> new RankScorer(model, prompts, votes(seed), seed);
            case COMPARE, PROBABILITY -> new TournamentScorer(judge(model, seed));
        };
    }

    /**
     * A panel: the mean of the scores of several models, each of which is a part ({@link ai.preceptor.data.Score#parts}). An
     * answer that one of them cannot score is unscored. One model is a panel by itself, without parts of this kind.
     *
     * @param models at least one
     */
    public Scorer scorer(List<? extends ChatModel> models, long seed) {
        if (models.size() == 1) {
            return scorer(models.get(0), seed);
        }
        List<MixedScorer.Part> parts = new ArrayList<>();
        for (ChatModel model : models) {
            parts.add(new MixedScorer.Part(scorer(model, seed), 1.0 / models.size()));
        }
        return new MixedScorer(models.stream().map(ChatModel::name).collect(Collectors.joining(",")), parts);
    }

    /** A panel of judges of pairs: the mean of the preferences of several models, at least one. */
    public Judge judge(List<? extends ChatModel> models, long seed) {
        return models.size() == 1
                ? judge(models.get(0), seed)
                : new PanelJudge(
                        models.stream().map(model -> judge(model, seed)).toList());
    }

    /**
     * A judge of pairs that favours no position: it asks in both orders, or compares scores.
     *
     * @param model who is asked; not closed by the judge
     * @param seed for principles and votes
     * @throws ConfigurationException as {@link #scorer}
     */
    public Judge judge(ChatModel model, long seed) {
        return switch (mode()) {
            case COMPARE -> new OrderBalancedJudge(new ChatJudge(model, prompts(seed), votes(seed)));
            case RANK -> new OrderBalancedJudge(new RankJudge(model, prompts(seed), votes(seed)));
            case PROBABILITY -> {
                Judge balanced = new OrderBalancedJudge(new ProbabilityJudge(model, prompts(seed), labels()));
                yield probabilityClamp == null ? balanced : new ClampedJudge(balanced, probabilityClamp);
            }
            case SCORE, YES_NO, ASPECTS, RUBRIC -> new ScorerJudge(scorer(model, seed));
        };
    }
}
