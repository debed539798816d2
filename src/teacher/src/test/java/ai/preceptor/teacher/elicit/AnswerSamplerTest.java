package ai.preceptor.teacher.elicit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AnswerSamplerTest {
    private static Completion completion(String text, FinishReason reason) {
        return new Completion(text, new int[0], new float[0], reason);
    }

    /** 130 prompts are batches of 64, 64 and 2; what the progress throws ends the work. */
    @Test
    void sampleAll_goesByBatches_andStopsBetweenTwo() {
        List<Prompt> prompts =
                IntStream.range(0, 130).mapToObj(i -> Prompt.plain("p" + i)).toList();
        List<String> heard = new ArrayList<>();
        AnswerSampler sampler = (some, stream) -> {
            heard.add(some.size() + " in stream " + stream);
            return some.stream()
                    .map(prompt -> List.of(completion(prompt.text().asString() + " in " + stream, FinishReason.STOP)))
                    .toList();
        };
        List<List<Completion>> answers = sampler.sampleAll(prompts, (done, total) -> heard.add(done + "/" + total));
        assertThat(answers).hasSize(130);
        assertThat(answers.get(128).get(0).text()).isEqualTo("p128 in 2");
        assertThat(heard)
                .containsExactly(
                        "0/130", "64 in stream 0", "64/130", "64 in stream 1", "128/130", "2 in stream 2", "130/130");
        heard.clear();
        assertThatThrownBy(() -> sampler.sampleAll(prompts, (done, total) -> {
                    if (done == 64) {
                        throw new CancellationException("enough");
                    }
                }))
                .isInstanceOf(CancellationException.class);
        assertThat(heard).containsExactly("64 in stream 0");
    }
}
