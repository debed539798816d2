package ai.preceptor.teacher.correction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Text;
import ai.preceptor.teacher.Draws;
import ai.preceptor.teacher.chat.Asked;
import ai.preceptor.teacher.chat.ChatModel;
import ai.preceptor.teacher.chat.ChatReply;
import ai.preceptor.teacher.chat.ChatRequest;
import ai.preceptor.teacher.chat.ChatSampling;
import ai.preceptor.teacher.chat.LabelReading;
import ai.preceptor.teacher.chat.LabelRequest;
import ai.preceptor.teacher.chat.Principles;
import ai.preceptor.teacher.elicit.Elicited;
import ai.preceptor.teacher.elicit.LeftOut;
import ai.preceptor.teacher.elicit.PromptProgress;
import ai.preceptor.teacher.elicit.RowCounts;
import ai.preceptor.teacher.elicit.ScoredAnswer;
import ai.preceptor.teacher.elicit.WrittenRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorrectorTest {
    private static final long SEED = 20261129;

    @TempDir
    Path directory;

    private final List<ChatRequest> requests = new ArrayList<>();
    private CorrectionTemplates templates;

    @BeforeEach
    void writeTemplates() throws IOException {
        templates = CorrectionTemplates.of(
                Files.writeString(
                        directory.resolve("critique.txt"), "=== user\nC|{{prompt}}|{{answer}}|{{principle}}\n"),
                Files.writeString(
                        directory.resolve("revision.txt"), "=== user\nR|{{prompt}}|{{answer}}|{{critique}}\n"));
    }

    /** A teacher by a script of the parts of the question. */
    private ChatModel teacher(Function<String[], Asked> script) {
        return new ChatModel() {
            @Override
            public String name() {
                return "scripted";
            }

            @Override
            public List<Asked> ask(List<ChatRequest> asked) {
                requests.addAll(asked);
                return asked.stream()
                        .map(request ->
                                script.apply(request.messages().get(0).content().split("\\|", -1)))
                        .toList();
            }

            @Override
            public List<LabelReading> labels(List<LabelRequest> labels) {
                throw new AssertionError("no labels are asked for");
            }
        };
    }

    private static Asked says(String text) {
        return new Asked(new ChatReply(text, "stop", 1, 1), null);
    }

    private WrittenRows<Preference> correct(ChatModel teacher, int revisions, List<Elicited> answers) {
        Principles principles = new Principles(List.of("be right"));
        List<Preference> pairs = new ArrayList<>();
        RowCounts counts = new Corrector(teacher, templates, principles, new ChatSampling(0.5, 9, SEED), revisions)
                .correct(answers, pairs::add, PromptProgress.UNHEARD);
        return new WrittenRows<>(pairs, counts);
    }

    private static Elicited answers(String prompt, String... texts) {
        List<ScoredAnswer> all = new ArrayList<>();
        for (String text : texts) {
            all.add(new ScoredAnswer(text, !text.equals("cut"), Score.unscored("nobody asked")));
        }
        return new Elicited(new Prompt(Text.plain(prompt), Map.of("id", prompt)), all);
    }

    @Test
    void correct_theRevisionIsChosen_andTheAnswerRejected() {
        ChatModel teacher = teacher(parts ->
                says(parts[0].equals("C") ? " critique of " + parts[2] + " by " + parts[3] : parts[2] + "+\n"));
        WrittenRows<Preference> pairs = correct(teacher, 2, List.of(answers("p", "a")));
        assertThat(pairs.rows())
                .containsExactly(new Preference(
                        new Prompt(
                                Text.plain("p"),
                                Map.of(
                                        "id",
                                        "p",
                                        "principles",
                                        List.of("be right", "be right"),
                                        "critiques",
                                        List.of("critique of a by be right", "critique of a+ by be right"))),
                        Text.plain("a++"),
                        Text.plain("a")));
        assertThat(requests)
                .extracting(request -> request.messages().get(0).content())
                .containsExactly(
                        "C|p|a|be right",
                        "R|p|a|critique of a by be right",
                        "C|p|a+|be right",
                        "R|p|a+|critique of a+ by be right");
        assertThat(requests)
                .extracting(ChatRequest::sampling)
                .containsExactly(
                        new ChatSampling(0.5, 9, SEED),
                        new ChatSampling(0.5, 9, SEED),
                        new ChatSampling(0.5, 9, SEED + 1),
                        new ChatSampling(0.5, 9, SEED + 1));
    }

    @Test
    void correct_everyAnswer_isAPairOrCountedByReason() {
        ChatModel teacher = teacher(parts -> {
            boolean critique = parts[0].equals("C");
            return switch (parts[2]) {
                case "not criticized" -> new Asked(null, "refused");
                case "blank critique" -> says(critique ? " \n" : "x");
                case "not revised" -> critique ? says("c") : new Asked(null, "busy");
                case "blank revision" -> says(critique ? "c" : " ");
                case "truncated" -> critique ? says("c") : new Asked(new ChatReply("x", "length", 1, 9), null);
                case "perfect" -> says(critique ? "c" : "perfect\n");
                default -> says(critique ? "c" : "better");
            };
        });
        WrittenRows<Preference> pairs = correct(
                teacher,
                1,
                List.of(
                        answers("p", "not criticized", "blank critique", "not revised", "blank revision"),
                        answers("q", "truncated", "perfect", "fine", "fine", " ", "cut")));
        assertThat(pairs.rows())
                .extracting(Preference::rejected)
                .containsExactly(Text.plain("fine"), Text.plain("cut"));
        assertThat(pairs.counts().leftOut())
                .isEqualTo(Map.of(
                        LeftOut.NO_CRITIQUE,
                        2,
                        LeftOut.MISSING,
                        1,
                        LeftOut.BLANK,
                        2,
                        LeftOut.TRUNCATED_REVISION,
                        1,
                        LeftOut.UNCHANGED,
                        1,
                        LeftOut.DUPLICATE,
                        1));
        assertThat(pairs.counts().answers()).isEqualTo(10);
        assertThat(pairs.counts().unfinished()).isEqualTo(1);
        assertThat(requests).as("what is left out is not asked about again").hasSize(8 + 6);
    }

    /** 70 prompts are batches of 64 and 6. */
    /** A small model copies the marks around the texts of its question. */
    @Test
    void correct_marksOfTheQuestion_areNotPartOfARevision() throws IOException {
        templates = CorrectionTemplates.of(
                Files.writeString(
                        directory.resolve("critique.txt"),
                        "=== user\nC|[{{fence}}]|{{prompt}}|{{answer}}|{{principle}}\n"),
                Files.writeString(
                        directory.resolve("revision.txt"),
                        "=== user\nR|[{{fence}}]|{{prompt}}|{{answer}}|{{critique}}\n"));
        ChatModel copying = teacher(parts ->
                says(parts[0].equals("C") ? parts[1] + "wrong [x]" : "right [x]\n" + parts[1].replace("[", "[/")));
        WrittenRows<Preference> written = correct(copying, 1, List.of(answers("p", "a")));
        Preference pair = written.rows().get(0);
        assertThat(pair.chosen().asString()).isEqualTo("right [x]");
        assertThat(pair.prompt().columns()).containsEntry("critiques", List.of("wrong [x]"));
    }

    @Test
    void correct_tellsHowFarItIs_andPassesOnABatchsPairsBeforeTheNext() {
        List<Elicited> many = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            many.add(answers("p" + i, "a"));
        }
        List<String> heard = new ArrayList<>();
        List<Preference> pairs = new ArrayList<>();
        ChatModel teacher = teacher(parts -> says("b"));
        new Corrector(teacher, templates, Corrector.standardPrinciples(), new ChatSampling(0, 9, null), 1)
                .correct(many, pairs::add, (at, total) -> heard.add(at + " done, " + pairs.size() + " pairs"));
        assertThat(heard).containsExactly("0 done, 0 pairs", "64 done, 64 pairs", "70 done, 70 pairs");
    }

    /** Each answer has a principle of its own, by seed and place. */
    @Test
    void principles_areDrawnBySeed() throws IOException {
        Path file = Files.writeString(directory.resolve("principles.txt"), "# mine\n\n one \ntwo\nthree\n");
        Principles principles = Principles.read(file);
        assertThat(principles.texts()).containsExactly("one", "two", "three");
        Set<String> drawn = new HashSet<>();
        for (int place = 0; place < 30; place++) {
            drawn.add(principles.drawn(Draws.of(SEED, place, 0)));
            assertThat(principles.drawn(Draws.of(SEED, place, 0)))
                    .isEqualTo(Principles.read(file).drawn(Draws.of(SEED, place, 0)));
        }
        assertThat(drawn).containsExactlyInAnyOrder("one", "two", "three");
        assertThat(Corrector.standardPrinciples().texts()).hasSize(6);
    }

    @Test
    void impossibleSettings_areRefused() throws IOException {
        Path empty = Files.writeString(directory.resolve("empty.txt"), "# nothing\n");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Principles.read(empty))
                .withMessage("principles " + empty + ": expected one a line, found none");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> CorrectionTemplates.of(null, directory.resolve("critique.txt")))
                .withMessageContaining("expected the places [answer, critique, prompt]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> correct(teacher(parts -> says("b")), 0, List.of()))
                .withMessage("revisions: 0.0, must be in [1, inf)");
    }
}
