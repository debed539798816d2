package ai.preceptor.rollout;

import ai.preceptor.data.JsonlWriter;
import ai.preceptor.data.Message;
import ai.preceptor.data.Text;
import ai.preceptor.data.Trajectory;
import ai.preceptor.data.TrajectorySource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A source that writes down what passes: a row of {@code samples.jsonl} for each trajectory. An unscored one has
 * {@code "score": null} and says why in {@code problem}.
 *
 * @param source where trajectories come from; closed with this
 * @param file where rows go; closed with this
 */
public record SampleLog(TrajectorySource source, JsonlWriter file) implements TrajectorySource {

    @Override
    public List<Trajectory> next(int prompts) {
        List<Trajectory> trajectories = source.next(prompts);
        trajectories.forEach(trajectory -> file.write(row(trajectory)));
        return trajectories;
    }

    @Override
    public void close() {
        try (JsonlWriter closedLast = file) {
            source.close();
        }
    }

    private static Map<String, @Nullable Object> row(Trajectory trajectory) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("policy_version", trajectory.policyVersion());
        row.put("group", trajectory.group());
        row.put("prompt", text(trajectory.prompt().text()));
        row.put("completion", trajectory.completion().text());
        row.put("tokens", trajectory.completion().length());
        row.put("logprob", trajectory.completion().logprob());
        row.put("finish_reason", trajectory.completion().finishReason().name().toLowerCase(Locale.ROOT));
        row.put("score", trajectory.score().isScored() ? trajectory.score().value() : null);
        row.put("problem", trajectory.score().problem());
        return row;
    }

    /** A text as TRL's formats have it: a string, or a list of messages. */
    static Object text(Text text) {
        if (text instanceof Text.Chat chat) {
            return chat.messages().stream().map(Message::toMap).toList();
        }
        return text.asString();
    }
}
