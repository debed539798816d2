package ai.preceptor.rollout.work;

import ai.preceptor.rollout.actor.ActorStats;
import ai.preceptor.rollout.actor.ActorStatsRegistry;
import ai.preceptor.rollout.actor.Gauges;
import ai.preceptor.rollout.actor.StageMeters;
import ai.preceptor.rollout.worker.WorkerMeters;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/** Meters of an offline stage on workers. Gauges leave the registry when it ends. */
record ChunkMeters(MeterRegistry registry, Gauges gauges, ActorStatsRegistry actors) implements AutoCloseable {
    ChunkMeters(MeterRegistry registry) {
        this(registry, new Gauges(registry), new ActorStatsRegistry(System::nanoTime));
    }

    StageMeters stage(String name) {
        return new StageMeters(registry, name, actors, gauges);
    }

    WorkerMeters workers() {
        return new WorkerMeters(registry, gauges);
    }

    List<ActorStats> stats() {
        return actors.stats();
    }

    @Override
    public void close() {
        actors.close();
        gauges.close();
    }
}
