package ai.preceptor.run;

import ai.preceptor.data.DataException;
import ai.preceptor.data.rows.JsonlReader;
import ai.preceptor.data.rows.JsonlWriter;
import ai.preceptor.rollout.actor.ActorStats;
import ai.preceptor.train.run.Stateful;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The statistics of every actor of a run, over all processes of the learner; a checkpoint stores them in
 * {@code actors.jsonl}. An actor is known by its name and stage. Work that was done twice, since a stopped batch is
 * sampled again, counts twice.
 */
public final class ActorTotals implements Stateful {
    private static final String NAME = "actors.jsonl";
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();
    private static final TypeReference<Map<String, Object>> ROW = new TypeReference<>() {};

    private final Supplier<List<ActorStats>> now;
    private List<ActorStats> earlier = List.of();

    /** @param now what each has done in this process so far */
    public ActorTotals(Supplier<List<ActorStats>> now) {
        this.now = now;
    }

    /** Everything so far, by stage and name. */
    public List<ActorStats> all() {
        Map<List<String>, ActorStats> all = new LinkedHashMap<>();
        for (List<ActorStats> some : List.of(earlier, now.get())) {
            some.forEach(use -> all.merge(List.of(use.stage(), use.actor()), use, ActorTotals::sum));
        }
        List<ActorStats> sorted = new ArrayList<>(all.values());
        sorted.sort(Comparator.comparing(ActorStats::stage).thenComparing(ActorStats::actor));
        return sorted;
    }

    private static ActorStats sum(ActorStats one, ActorStats other) {
        return new ActorStats(
                other.stage(),
                other.actor(),
                other.remote(),
                one.presentSeconds() + other.presentSeconds(),
                one.busySeconds() + other.busySeconds(),
                one.prompts() + other.prompts(),
                one.tokens() + other.tokens());
    }

    @Override
    public void saveState(Path checkpoint) {
        try (JsonlWriter file = JsonlWriter.create(checkpoint.resolve(NAME))) {
            all().forEach(use -> file.write(JSON.convertValue(use, ROW)));
        }
    }

    @Override
    public void loadState(Path checkpoint) {
        Path file = checkpoint.resolve(NAME);
        if (!Files.exists(file)) {
            return; // from before checkpoints kept it
        }
        try {
            earlier = JsonlReader.committedRows(file).stream()
                    .map(row -> JSON.convertValue(row, ActorStats.class))
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new DataException(file + ": not what actors did: " + e.getMessage(), e);
        }
    }
}
