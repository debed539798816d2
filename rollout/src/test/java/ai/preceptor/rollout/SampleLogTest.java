package ai.preceptor.rollout;

import static ai.preceptor.rollout.Rollouts.builder;
import static ai.preceptor.rollout.Rollouts.plan;
import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.JsonlWriter;
import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleLogTest {

    @TempDir
    Path directory;

    @Test
    void next_unscoredAnswer_isNullWithItsReasonInTheFile() throws IOException {
        Path file = directory.resolve("samples.jsonl");
        VertxRollouts rollouts = builder(
                        plan().promptsPerStep(1).promptsPerRequest(1).build(), new FakeEngine())
                .scorers(() -> Rollouts.all(
                        answers -> List.of(Score.of(0), Score.unscored("no verdict in the reply"), Score.of(-1.5))))
                .start();
        try (SampleLog log = new SampleLog(rollouts, JsonlWriter.append(file))) {
            log.next(1);
            rollouts.publish(1);
            log.next(1);
        }

        List<JsonNode> rows = rows(file);
        assertThat(rows).hasSize(6);
        assertThat(rows.get(0).get("score").doubleValue()).isZero();
        assertThat(rows.get(0).get("problem").isNull()).isTrue();
        assertThat(rows.get(1).get("score").isNull()).isTrue();
        assertThat(rows.get(1).get("problem").textValue()).isEqualTo("no verdict in the reply");
        assertThat(rows.get(5).get("score").doubleValue()).isEqualTo(-1.5);
        assertThat(rows.get(5).get("policy_version").intValue()).isEqualTo(1);
        assertThat(rows.get(5).get("prompt").textValue()).isEqualTo("p1");
        assertThat(rows.get(5).get("completion").textValue()).isEqualTo("p1/2@1");
        assertThat(rows.get(5).get("finish_reason").textValue()).isEqualTo("stop");
    }

    @Test
    void next_conversation_isWrittenAsMessages() throws IOException {
        Path file = directory.resolve("samples.jsonl");
        Prompt prompt = Prompt.chat(Message.user("Name a colour."));
        VertxRollouts rollouts = builder(plan().build(), new FakeEngine())
                .prompts(index -> index == 0 ? Optional.of(prompt) : Optional.empty())
                .start();
        try (SampleLog log = new SampleLog(rollouts, JsonlWriter.append(file))) {
            assertThat(log.next(4)).hasSize(3);
        }

        JsonNode message = rows(file).get(0).get("prompt").get(0);
        assertThat(message.get("role").textValue()).isEqualTo("user");
        assertThat(message.get("content").textValue()).isEqualTo("Name a colour.");
    }

    private static List<JsonNode> rows(Path file) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            rows.add(new JsonMapper().readTree(line));
        }
        return rows;
    }
}
