package ai.preceptor.teacher.elicit;

import static ai.preceptor.teacher.elicit.Fakes.completion;
import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Completion;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An elicitation that dies at any moment is gone on with as if nothing had happened, and nothing is paid for twice. */
class ResumeTest {
    private static final long SEED = 20261124;
    private static final Provenance PROVENANCE = new Provenance("sum of chars", "seed " + SEED);
    private static final List<Prompt> PROMPTS = Fakes.prompts("a", "b", "c", "a", "d", "e", "b");

    @TempDir
    private Path directory;

    /** A life of so many actions: sampling, scoring, adding to the ledger, flushing it. */
    private static final class Life {
        private final int actions;
        private final Set<Answer> asked = new HashSet<>();
        private int done;

        Life(int actions) {
            this.actions = actions;
        }

        void act() {
            if (done == actions) {
                throw new Death();
            }
            done++;
        }

        AnswerSampler sampler() {
            return (prompts, stream) -> {
                act();
                Random random = new Random(SEED + stream);
                List<List<Completion>> all = new ArrayList<>();
                for (Prompt prompt : prompts) {
                    List<Completion> own = new ArrayList<>();
                    for (int k = 0; k < 3; k++) {
                        own.add(completion(prompt.text().asString() + random.nextInt(1000)));
                    }
                    all.add(own);
                }
                return all;
            };
        }

        Scorer teacher() {
            return new Scorer() {
                @Override
                public String name() {
                    return PROVENANCE.teacher();
                }

                @Override
                public List<Score> score(List<Answer> answers) {
                    act();
                    asked.addAll(answers);
                    return answers.stream()
                            .map(answer ->
                                    Score.of(answer.text().asString().chars().sum()))
                            .toList();
                }
            };
        }

        Ledger watched(Ledger ledger) {
            return new Ledger() {
                @Override
                public @Nullable Elicited find(Prompt prompt, int occurrence) {
                    return ledger.find(prompt, occurrence);
                }

                @Override
                public void add(int occurrence, Elicited elicited) {
                    act();
                    ledger.add(occurrence, elicited);
                }

                @Override
                public void flush() {
                    act();
                    ledger.flush();
                }

                @Override
                public void close() {
                    ledger.close();
                }
            };
        }

        /** Null if it died. */
        @Nullable
        Elicitation elicit(Path file) {
            PreferenceElicitor elicitor = new PreferenceElicitor(
                    teacher(), sampler(), new PreferenceSelection(PairRule.BEST_WORST, 0, false), 3);
            try (Ledger ledger = watched(JsonlLedger.open(file, PROVENANCE))) {
                return elicitor.elicit(PROMPTS, ledger, (scored, total) -> {});
            } catch (Death death) {
                return null;
            }
        }
    }

    private static final class Death extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static Elicitation whole(Path file) {
        Elicitation result = new Life(Integer.MAX_VALUE).elicit(file);
        assertThat(result).isNotNull();
        return result;
    }

    @Test
    void elicit_afterAnyDeathEqualsAnUninterruptedRun() {
        Elicitation expected = whole(directory.resolve("whole.jsonl"));
        int deaths = 0;
        for (int actions = 0; ; actions++) {
            Path file = directory.resolve("died-after-" + actions + ".jsonl");
            Life first = new Life(actions);
            if (first.elicit(file) != null) {
                break;
            }
            deaths++;
            Set<Answer> kept = answers(file);
            Life second = new Life(Integer.MAX_VALUE);
            assertSame(second.elicit(file), expected, "died after " + actions + " actions");
            assertThat(kept).as("asked again after %d actions", actions).noneMatch(second.asked::contains);
        }
        // three batches, each sampled, scored and flushed, and seven prompts added
        assertThat(deaths).isEqualTo(3 * 3 + 7);
    }

    @Test
    void elicit_afterALineWasCutOffAnywhereEqualsAnUninterruptedRun() throws IOException {
        Path wholeFile = directory.resolve("whole.jsonl");
        Elicitation expected = whole(wholeFile);
        byte[] bytes = Files.readAllBytes(wholeFile);
        Random random = new Random(SEED);
        for (int round = 0; round < 40; round++) {
            int length = random.nextInt(bytes.length);
            Path file = directory.resolve("cut-" + length + ".jsonl");
            Files.write(file, Arrays.copyOf(bytes, length));
            assertSame(whole(file), expected, "seed " + SEED + ", cut at " + length);
        }
    }

    @Test
    void elicit_whenAllIsThereAsksNobody() {
        Path file = directory.resolve("whole.jsonl");
        Elicitation expected = whole(file);
        Life second = new Life(Integer.MAX_VALUE);
        Elicitation again = second.elicit(file);
        assertSame(again, expected, "second run");
        assertThat(second.asked).isEmpty();
        assertThat(second.done).as("nothing but three flushes").isEqualTo(3);
    }

    private static Set<Answer> answers(Path file) {
        Set<Answer> answers = new HashSet<>();
        try (JsonlLedger ledger = JsonlLedger.open(file, PROVENANCE)) {
            for (Prompt prompt : PROMPTS) {
                for (int occurrence = 0; occurrence < 2; occurrence++) {
                    Elicited found = ledger.find(prompt, occurrence);
                    if (found != null) {
                        found.answers().forEach(answer -> answers.add(Answer.of(prompt, answer.text())));
                    }
                }
            }
        }
        return answers;
    }

    private static void assertSame(@Nullable Elicitation actual, Elicitation expected, String what) {
        assertThat(actual).as(what).isNotNull();
        assertThat(actual.groups()).as(what).isEqualTo(expected.groups());
        assertThat(actual.preferences()).as(what).isEqualTo(expected.preferences());
        assertThat(actual.report().answers())
                .as(what)
                .isEqualTo(expected.report().answers());
    }
}
