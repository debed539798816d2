package ai.preceptor.cli.command.elicit;

import ai.preceptor.testkit.ServedReply;
import ai.preceptor.testkit.TeacherServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Seeds, and a teacher whose replies depend on nothing but the question and its seed. */
final class PromptScript {
    private static final int SEEDS = 10;

    private PromptScript() {}

    static Path seeds(Path directory) throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < SEEDS; i++) {
            rows.append("{\"prompt\": [{\"role\": \"user\", \"content\": \"Tell us about ")
                    .append(words(new Random(-1 - i)))
                    .append("\"}]}\n");
        }
        return Files.writeString(directory.resolve("seeds.jsonl"), rows);
    }

    /** Five words that hardly occur together twice. */
    private static String words(Random random) {
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            words.append(i == 0 ? "" : " ").append("w").append(random.nextInt(500));
        }
        return words.toString();
    }

    static ServedReply reply(TeacherServer.Call call) {
        long seed = call.body().path("seed").asLong();
        String question = call.question();
        if (question.contains("<second prompt")) {
            return ServedReply.completion(question.hashCode() % 3 == 0 ? "Equal" : "Not equal");
        }
        if (question.contains("<examples")) {
            return ServedReply.completion("1. Describe " + words(new Random(2 * seed)) + "\n2. Explain "
                    + words(new Random(2 * seed + 1)) + "\n3. Too short");
        }
        if (question.contains("<prompt ")) {
            return ServedReply.completion("Compare " + words(new Random(seed)));
        }
        if (question.contains("<attributes")) {
            return ServedReply.completion("Discuss " + words(new Random(seed)));
        }
        return ServedReply.completion("An answer about " + words(new Random(seed)));
    }
}
