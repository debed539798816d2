package ai.preceptor.rollout.actor;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.WrongAnswerException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Samples completions. All calls of the engine are made on this actor's one thread. */
public final class GeneratorVerticle extends ActorVerticle {
    private final LongFunction<? extends GenerationEngine> supplier;
    private final LongSupplier version;
    private final DeviceLease lease;
    private final Duration deadline;
    private @Nullable GenerationEngine opened;

    /** @param version gives the version of the weights that a new engine must have */
    public GeneratorVerticle(
            ActorVerticle.ActorEndpoint endpoint,
            LongFunction<? extends GenerationEngine> supplier,
            LongSupplier version,
            DeviceLease lease,
            Duration deadline) {
        super(endpoint);
        this.supplier = supplier;
        this.version = version;
        this.lease = lease;
        this.deadline = deadline;
    }

    @Override
    void open() {
        GenerationEngine engine = Objects.requireNonNull(
                supplier.apply(version.getAsLong()), "engines: the supplier gave null, expected an engine");
        opened = engine;
        onInterrupt(engine::cancel);
        countSteps(engine::steps);
        engine.start();
    }

    @Override
    Object perform(ActorMessage<?> request) {
        GenerationEngine engine = Objects.requireNonNull(opened, "engine: not open");
        if (request instanceof ActorMessage.Generate generate) {
            try (DeviceLease.Hold hold = lease.take("generator", deadline)) {
                return checked(generate, engine.generate(generate.prompts(), generate.samples(), generate.seedBase()));
            }
        }
        if (request instanceof ActorMessage.Refresh refresh) {
            try (DeviceLease.Hold hold = lease.take("generator", deadline)) {
                engine.refresh(refresh.version());
                return ActorMessage.Ready.READY;
            }
        }
        throw unexpected(request);
    }

    private static List<List<Completion>> checked(ActorMessage.Generate asked, List<List<Completion>> answers) {
        if (answers.size() != asked.prompts().size()) {
            throw new WrongAnswerException("generator: received answers to " + answers.size() + " prompts, expected "
                    + asked.prompts().size());
        }
        for (int i = 0; i < answers.size(); i++) {
            String prompt = "generator: prompt " + asked.prompts().get(i).index();
            if (answers.get(i).size() != asked.samples()) {
                throw new WrongAnswerException(
                        prompt + ": received " + answers.get(i).size() + " answers, expected " + asked.samples());
            }
            if (answers.get(i).stream().anyMatch(GeneratorVerticle::isIncomplete)) {
                throw new WrongAnswerException(prompt + ": an answer was cancelled before its end");
            }
        }
        return answers.stream().map(List::copyOf).toList();
    }

    private static boolean isIncomplete(Completion one) {
        return one.finishReason() == FinishReason.CANCELLED || one.finishReason() == FinishReason.DEADLINE;
    }

    @Override
    void shut() {
        if (opened != null) {
            opened.close();
        }
    }
}
