package ai.preceptor.lm.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.tool.ToolTurns;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.engine.Generator;
import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.text.TemplateEncoder;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.testkit.Golden;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tool turns with a model that samples. */
class ToolLoopModelTest {
    private static final long SEED = 20_261_129;

    private static Torch torch;
    private static Tokenizer tokenizer;
    private static TemplateEncoder encoder;
    private static LanguageModel model;

    @BeforeAll
    static void load() {
        torch = Torch.open("cpu", 1);
        tokenizer = Tokenizer.load(Golden.dir("tiny-chat"));
        encoder = TemplateEncoder.load(Golden.dir("tiny-chat"), tokenizer, Boundary.REFUSE);
        model = LanguageModel.load(torch, Golden.dir("tiny-chat"), new LoadOptions(Precision.FLOAT32, false));
    }

    @AfterAll
    static void close() {
        model.close();
        tokenizer.close();
        torch.close();
    }

    private static Generator generator(ToolCallParser parser) {
        ToolUse use = ToolUse.of(new FakeTool("t", arguments -> "4")).with(parser);
        return new Generator(model, tokenizer)
                .with(use.loop(encoder, model.config().maxPositionEmbeddings()));
    }

    private static List<GenerationRequest> requests() {
        List<GenerationRequest> requests = new ArrayList<>();
        for (String asked : List.of("Name a river.", "to be", "What is two plus two?")) {
            requests.add(new GenerationRequest(
                    encoder.prompt(Prompt.user(asked)), 40, SamplingOptions.unfiltered(60, SEED + requests.size())));
        }
        return requests;
    }

    @Test
    void generate_modelThatNeverCalls_samplesTheSameBits() {
        List<List<Completion>> without = new Generator(model, tokenizer).generate(requests());
        List<List<Completion>> with = generator(turn -> List.of()).generate(requests());
        for (int i = 0; i < without.size(); i++) {
            for (int k = 0; k < without.get(i).size(); k++) {
                Completion own = without.get(i).get(k);
                Completion answer = with.get(i).get(k);
                assertThat(answer.tokenIds()).isEqualTo(own.tokenIds());
                assertThat(answer.logprobs()).isEqualTo(own.logprobs());
                assertThat(answer.samplerLogprobs()).isEqualTo(own.samplerLogprobs());
                assertThat(answer.finishReason()).isEqualTo(own.finishReason());
                assertThat(answer.turns()).isEqualTo(ToolTurns.NONE);
            }
        }
    }

    /** What was recorded while sampling is what the model gives the whole conversation, read in one pass. */
    @Test
    void generate_answersWithTools_haveTheLogprobsOfTheWholeConversation() {
        List<GenerationRequest> requests = requests();
        List<List<Completion>> answers =
                generator(turn -> List.of(new ToolCall("t", Map.of()))).generate(requests);
        int several = 0;
        for (int i = 0; i < requests.size(); i++) {
            for (Completion answer : answers.get(i)) {
                assertThat(answer.allIds().length).as("seed %s", SEED).isLessThanOrEqualTo(60);
                PackedBatch.Builder builder = PackedBatch.builder();
                builder.prompt(requests.get(i).promptIds());
                PackedBatch batch = builder.completion(answer).build();
                assertThat(batch.targets()).isEqualTo(answer.tokenIds());
                assertThat(model.logprobs(batch)).containsExactly(answer.logprobs(), within(2e-4f));
                several += answer.isOneTurn() ? 0 : 1;
            }
        }
        assertThat(several).as("answers with tools, seed %s", SEED).isGreaterThan(5);
        assertThat(answers.stream().flatMap(List::stream))
                .anyMatch(answer -> !answer.isOneTurn() && answer.finishReason() == FinishReason.LENGTH);
    }

    /** An answer does not depend on what else is answered. */
    @Test
    void generate_oneRequestAlone_isAnsweredTheSame() {
        Generator generator = generator(turn -> List.of(new ToolCall("t", Map.of())));
        List<List<Completion>> together = generator.generate(requests());
        assertThat(generator.generate(List.of(requests().get(1)))).containsExactly(together.get(1));
    }
}
