package ai.preceptor.teacher.elicit;

import static ai.preceptor.teacher.elicit.Fakes.answer;
import static ai.preceptor.teacher.elicit.Fakes.unscored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonlLedgerTest {
    private static final Provenance PROVENANCE = new Provenance("likelihood of big", "small, seed 1");

    @TempDir
    private Path directory;

    private Path file;
    private final Prompt prompt = new Prompt(
            Text.chat(new Message("user", "Name a \"bird\"\n", Map.of("name", "Ann"))),
            Map.of("level", 1, "weight", 0.1, "tags", List.of("a")));
    private final Elicited elicited = new Elicited(
            prompt,
            List.of(
                    answer("an owl \uD83E\uDD89", -0.1234567890123),
                    unscored("two", "timed out"),
                    new ScoredAnswer("", false, Score.unscored("empty answer"))));

    @BeforeEach
    void place() {
        file = directory.resolve("run").resolve("ledger.jsonl");
    }

    private JsonlLedger open() {
        return JsonlLedger.open(file, PROVENANCE);
    }

    private void record() {
        try (JsonlLedger ledger = open()) {
            ledger.add(0, elicited);
        }
    }

    @Test
    void find_givesBackWhatAnEarlierProcessRecorded() {
        record();
        try (JsonlLedger ledger = open()) {
            assertThat(ledger.size()).isEqualTo(1);
            assertThat(ledger.find(prompt, 0)).isEqualTo(elicited);
        }
    }

    /** Rows that were collected are read from it later. */
    @Test
    void find_afterClose_readsWhatWasAdded() {
        JsonlLedger ledger = open();
        ledger.add(0, elicited);
        ledger.add(1, new Elicited(prompt, List.of(answer("two", 1))));
        ledger.close();
        assertThat(ledger.find(prompt, 0)).isEqualTo(elicited);
        assertThat(ledger.find(prompt, 1)).isEqualTo(new Elicited(prompt, List.of(answer("two", 1))));
    }

    @Test
    void find_tellsPromptsApart() {
        record();
        try (JsonlLedger ledger = open()) {
            assertThat(ledger.find(prompt, 1)).as("occurrence").isNull();
            assertThat(ledger.find(new Prompt(prompt.text()), 0)).as("columns").isNull();
            assertThat(ledger.find(Prompt.user("Name a fish"), 0)).as("text").isNull();
        }
    }

    @Test
    void add_ofTheSamePromptReplaces() {
        record();
        Elicited later = new Elicited(prompt, List.of(answer("two", 1)));
        try (JsonlLedger ledger = open()) {
            ledger.add(0, later);
            assertThat(ledger.find(prompt, 0)).isEqualTo(later);
            assertThat(ledger.size()).isEqualTo(1);
        }
        try (JsonlLedger ledger = open()) {
            assertThat(ledger.find(prompt, 0)).isEqualTo(later);
            assertThat(ledger.size()).isEqualTo(1);
        }
    }

    @Test
    void open_leavesOutALineThatWasCutOff() throws IOException {
        record();
        String whole = Files.readString(file);
        Files.writeString(file, whole.substring(0, whole.length() / 2), StandardOpenOption.APPEND);
        try (JsonlLedger ledger = open()) {
            assertThat(ledger.size()).isEqualTo(1);
            ledger.add(1, elicited);
        }
        assertThat(Files.readString(file).lines()).hasSize(2);
        try (JsonlLedger ledger = open()) {
            assertThat(ledger.find(prompt, 1)).isEqualTo(elicited);
        }
    }

    /** Two teachers' scores in one data set would be a mistake that no number shows later. */
    @Test
    void open_refusesAnotherTeachersRecords() {
        record();
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> JsonlLedger.open(file, new Provenance("rule:length", PROVENANCE.sampler())))
                .withMessage(file + ":1: was elicited with teacher \"likelihood of big\", this run has \"rule:length\";"
                        + " choose another output, or move the file away to ask again");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> JsonlLedger.open(file, new Provenance(PROVENANCE.teacher(), "small, seed 2")))
                .withMessageContaining("sampler \"small, seed 1\", this run has \"small, seed 2\"");
    }

    @Test
    void open_ofALongSampler_namesTheKeysThatDiffer() {
        String sampler = "small SamplingKeys[temperature=1.0, maxNewTokens=4, minP=0.0, topP=1.0] x4 seed 42";
        try (JsonlLedger ledger = JsonlLedger.open(file, new Provenance("rule", sampler))) {
            ledger.add(0, elicited);
        }
        String other = sampler.replace("temperature=1.0", "temperature=2.0").replace("Tokens=4", "Tokens=5");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> JsonlLedger.open(file, new Provenance("rule", other)))
                .withMessage(file + ":1: was elicited with sampler \"temperature=1.0, max_new_tokens=4\", this run has"
                        + " \"temperature=2.0, max_new_tokens=5\"; choose another output, or move the file away to ask"
                        + " again");
    }

    @Test
    void open_refusesRecordsOfOtherFiles_butNotThoseOfAnEarlierVersion() {
        record();
        Provenance digests = new Provenance(PROVENANCE.teacher(), PROVENANCE.sampler(), "0a", "0b");
        try (JsonlLedger ledger = JsonlLedger.open(file, digests)) {
            ledger.add(1, elicited);
        }
        open().close();
        JsonlLedger.open(file, digests).close();
        Provenance teacher = new Provenance(PROVENANCE.teacher(), PROVENANCE.sampler(), "0c", "0b");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> JsonlLedger.open(file, teacher))
                .withMessage(file + ":2: was elicited with teacher \"likelihood of big\" when its files were others"
                        + " (teacher_sha256 0a, now 0c); choose another output, or move the file away to ask again");
        Provenance sampler = new Provenance(PROVENANCE.teacher(), PROVENANCE.sampler(), "0a", "0c");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> JsonlLedger.open(file, sampler))
                .withMessageContaining(":2: was elicited with sampler", "sampler_sha256 0b, now 0c");
    }

    @Test
    void open_refusesWhatNoLedgerWrote() throws IOException {
        record();
        Files.writeString(file, "{\"prompt\": \"q\", \"chosen\": \"a\"}\n", StandardOpenOption.APPEND);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(this::open)
                .withMessage(file + ":2: expected a record of a ledger, found a row with the keys [prompt, chosen]");
    }

    @Test
    void open_refusesARecordThatWasEdited() throws IOException {
        record();
        String edited = Files.readString(file).replace("-0.1234567890123", "\"good\"");
        Files.writeString(file, edited);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(this::open)
                .withMessageStartingWith(file + ":1: expected a record of a ledger");
    }
}
