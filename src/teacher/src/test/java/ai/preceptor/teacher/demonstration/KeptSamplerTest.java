package ai.preceptor.teacher.demonstration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import ai.preceptor.teacher.elicit.AnswerSampler;
import ai.preceptor.teacher.elicit.PromptProgress;
import ai.preceptor.teacher.ledger.CallLedger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptSamplerTest {
    private static final List<Prompt> PROMPTS =
            IntStream.range(0, 150).mapToObj(i -> Prompt.plain("p" + i)).toList();

    @TempDir
    Path directory;

    private final List<Long> streams = new ArrayList<>();

    private final AnswerSampler model = (prompts, stream) -> {
        streams.add(stream);
        return prompts.stream()
                .map(prompt -> List.of(
                        completion(prompt.text().asString() + " in " + stream, FinishReason.STOP),
                        completion("cut", FinishReason.LENGTH)))
                .toList();
    };

    private static Completion completion(String text, FinishReason reason) {
        return new Completion(text, new int[] {1}, new float[] {-1}, reason);
    }

    private List<List<Completion>> run(String identity, AnswerSampler sampler) {
        return run("calls.sqlite", identity, sampler);
    }

    private List<List<Completion>> run(String file, String identity, AnswerSampler sampler) {
        try (CallLedger ledger = CallLedger.open(directory.resolve(file))) {
            return new KeptSampler(sampler, identity, 2, ledger).sampleAll(PROMPTS, PromptProgress.UNHEARD);
        }
    }

    /** Three batches; the process dies in the third. Only that one is computed again. */
    @Test
    void sample_afterADeath_computesOnlyWhatIsMissing() {
        AnswerSampler dying = (prompts, stream) -> {
            if (stream == 2) {
                throw new IllegalStateException("killed");
            }
            return model.sample(prompts, stream);
        };
        assertThatIllegalStateException().isThrownBy(() -> run("digest", dying));
        assertThat(streams).containsExactly(0L, 1L);
        List<List<Completion>> resumed = run("digest", model);
        assertThat(streams).containsExactly(0L, 1L, 2L);
        assertThat(resumed).hasSize(150);
        assertThat(resumed.get(70).get(0).text()).isEqualTo("p70 in 1");
        assertThat(resumed.get(149).get(1).finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(run("digest", model)).isEqualTo(resumed);
        assertThat(streams).as("nothing is computed twice").hasSize(3);
        assertThat(run("whole.sqlite", "digest", model))
                .as("a run that did not die")
                .isEqualTo(resumed);
    }

    /** As after {@code kill -9}: nothing is closed, and the batch in work is lost. */
    @Test
    void sample_afterAProcessThatClosedNothing_goesOn() {
        CallLedger abandoned = CallLedger.open(directory.resolve("calls.sqlite"));
        KeptSampler first = new KeptSampler(model, "digest", 2, abandoned);
        List<List<Completion>> batch = first.sample(PROMPTS.subList(0, AnswerSampler.BATCH), 0);
        List<List<Completion>> resumed = run("digest", model);
        assertThat(streams).containsExactly(0L, 1L, 2L);
        assertThat(resumed.subList(0, AnswerSampler.BATCH)).isEqualTo(batch);
        assertThat(run("whole.sqlite", "digest", model)).isEqualTo(resumed);
        abandoned.close();
    }

    @Test
    void sample_ofAnotherModel_isAnother() {
        run("one", model);
        run("other", model);
        assertThat(streams).hasSize(6);
    }
}
