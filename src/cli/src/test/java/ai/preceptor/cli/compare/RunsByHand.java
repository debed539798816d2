package ai.preceptor.cli.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Run directories as commands write them, with figures of our own. */
record RunsByHand(Path directory) {
    /** A run of {@code policy}, with a line of metrics for each reward; its divergence is a tenth of the step. */
    Path policy(String name, String seed, String learningRate, double... rewards) throws IOException {
        StringBuilder metrics = new StringBuilder();
        for (int i = 0; i < rewards.length; i++) {
            metrics.append(String.format(
                    "{\"step\":%d,\"epoch\":0.5,\"loss\":0.01,\"reward\":%s,\"objective/kl\":%s}%n",
                    i + 1, rewards[i], (i + 1) / 10.0));
        }
        String config = "algorithm: \"rloo\"\nmodel: \"models/student\"\nreward_model: null\nbatch_size: 64\n"
                + "learning_rate: " + learningRate + "\nseed: " + seed + "\nmax_completion_length: 40\n";
        return run(name, config, metrics.toString(), "{\"steps\": " + rewards.length + "}");
    }

    /** Any run; a text that is empty leaves its file out, except that of the metrics. */
    Path run(String name, String config, String metrics, String summary) throws IOException {
        Path run = Files.createDirectories(directory.resolve(name));
        Files.writeString(run.resolve("config.yaml"), config + "output: \"" + run + "\"\n");
        Files.writeString(run.resolve("metrics.jsonl"), metrics);
        if (!summary.isEmpty()) {
            Files.writeString(run.resolve("summary.json"), summary);
        }
        return run;
    }
}
