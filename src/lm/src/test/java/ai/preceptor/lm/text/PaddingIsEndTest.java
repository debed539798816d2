package ai.preceptor.lm.text;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.formats.io.ModelJson;
import ai.preceptor.lm.ForwardPass;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.optim.AdamW;
import ai.preceptor.lm.optim.AdamWOptions;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that pads with its end of sequence, as many do: the end of an answer is learned all the same. */
class PaddingIsEndTest {
    private static final String END = "<|im_end|>";
    private static final int END_ID = 2;

    @TempDir
    Path directory;

    @BeforeEach
    void copyTinyChat_paddingWithItsEnd() throws IOException {
        try (Stream<Path> files = Files.list(Golden.dir("tiny-chat"))) {
            for (Path file : files.toList()) {
                Files.write(directory.resolve(file.getFileName().toString()), Files.readAllBytes(file));
            }
        }
        Path tokenizer = directory.resolve("tokenizer_config.json");
        ModelJson.write(tokenizer, ModelJson.read(tokenizer).put("pad_token", END));
        for (String name : new String[] {"config.json", "generation_config.json"}) {
            Path file = directory.resolve(name);
            ModelJson.write(file, ModelJson.read(file).put("pad_token_id", END_ID));
        }
    }

    @Test
    void targets_keepTheEnd_andItIsLearned() {
        try (Tokenizer tokenizer = Tokenizer.load(directory);
                Torch torch = Torch.open("cpu", 1);
                LanguageModel model = LanguageModel.load(torch, directory, LoadOptions.TRAINED);
                LanguageModel usual = LanguageModel.load(torch, Golden.dir("tiny-chat"), LoadOptions.FROZEN)) {
            assertThat(tokenizer.padId()).isEqualTo(END_ID).isEqualTo(tokenizer.eosId());
            TemplateEncoder encoder = TemplateEncoder.load(directory, tokenizer, Boundary.REFUSE);
            Prompt chat = Prompt.user("Name a river.");
            Prompt plain = Prompt.plain("Q: two?\nA:");
            PackedBatch.Builder builder = PackedBatch.builder();
            builder.prompt(encoder.prompt(chat));
            builder.completion(encoder.completion(chat, Text.chat(Message.assistant("The Nile."))));
            builder.prompt(encoder.prompt(plain));
            builder.completion(encoder.completion(plain, Text.plain(" 2")));
            PackedBatch batch = builder.build();
            assertThat(batch.targets()).containsExactly(54, 262, 223, 48, 75, 282, 16, END_ID, 201, 223, 20, END_ID);
            float[] before = model.logprobs(batch);
            assertThat(before).isEqualTo(usual.logprobs(batch));
            try (AdamW optimizer = new AdamW(model.parameters(), AdamWOptions.DEFAULT);
                    ForwardPass pass = model.forward(batch)) {
                float[] endsAlone = new float[before.length];
                endsAlone[7] = -1;
                endsAlone[11] = -1;
                pass.backward(endsAlone);
                optimizer.step(1e-3, 0);
            }
            float[] after = model.logprobs(batch);
            assertThat(after[7]).isGreaterThan(before[7] + 1e-3f);
            assertThat(after[11]).isGreaterThan(before[11] + 1e-3f);
        }
    }
}
