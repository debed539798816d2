package ai.preceptor.rollout;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import java.time.Duration;
import java.util.List;

/** Owns the device that generates: all that the engine does, it does on this actor's one thread. */
final class GeneratorVerticle extends ActorVerticle {
    private final GenerationEngine engine;
    private final DeviceLease lease;
    private final Duration deadline;

    GeneratorVerticle(Post post, GenerationEngine engine, DeviceLease lease, Duration deadline) {
        super(post);
        this.engine = engine;
        this.lease = lease;
        this.deadline = deadline;
    }

    @Override
    void open() {
        alsoOnInterrupt(engine::cancel);
        engine.start();
    }

    @Override
    Object perform(Order<?> order) {
        if (order instanceof Order.Generate generate) {
            try (DeviceLease.Hold hold = lease.take("generator", deadline)) {
                return checked(generate, engine.generate(generate.prompts(), generate.samples(), generate.seedBase()));
            }
        }
        if (order instanceof Order.Refresh refresh) {
            try (DeviceLease.Hold hold = lease.take("generator", deadline)) {
                engine.refresh(refresh.version());
                return Order.Ready.READY;
            }
        }
        throw unexpected(order);
    }

    private static List<List<Completion>> checked(Order.Generate asked, List<List<Completion>> answers) {
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
            if (answers.get(i).stream().anyMatch(one -> one.finishReason() == FinishReason.CANCELLED)) {
                throw new WrongAnswerException(prompt + ": an answer was cancelled before its end");
            }
        }
        return answers.stream().map(List::copyOf).toList();
    }

    @Override
    void shut() {
        engine.close();
    }
}
