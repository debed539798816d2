package ai.preceptor.rollout.actor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.rollout.Rollouts;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Single actors on a bus. */
@ExtendWith(VertxExtension.class)
class ActorsTest {
    private static final DeploymentOptions WORKER = new DeploymentOptions()
            .setThreadingModel(ThreadingModel.WORKER)
            .setWorkerPoolName("rollout-test")
            .setWorkerPoolSize(1);

    @Test
    void request_orders_arriveAsTheyAre(Vertx vertx, VertxTestContext test) {
        RolloutVertx.install(vertx);
        ActorMessage.ScoreAnswers sent = new ActorMessage.ScoreAnswers(3, List.of(Answer.of(Prompt.plain("q"), "a")));
        vertx.eventBus().<ActorMessage<?>>localConsumer("somewhere", message -> {
            test.verify(() -> assertThat(message.body()).isSameAs(sent));
            message.reply(new Outcome.Done<>(message.body(), 0));
        });
        vertx.eventBus()
                .<Outcome.Done<ActorMessage<?>>>request("somewhere", sent)
                .onComplete(test.succeeding(reply -> test.verify(() -> {
                    assertThat(reply.body().result()).isSameAs(sent);
                    test.completeNow();
                })));
    }

    @Test
    void scorer_worksOnItsOwnWorkerThread(Vertx vertx, VertxTestContext test) {
        RolloutVertx.install(vertx);
        ActorVerticle.ActorEndpoint endpoint = new ActorVerticle.ActorEndpoint("scorer", new CallGuard());
        String[] threads = new String[2];
        ScorerVerticle scorer = new ScorerVerticle(endpoint, () -> {
            threads[0] = Thread.currentThread().getName();
            return Rollouts.scorer(answer -> {
                threads[1] = Thread.currentThread().getName();
                return Score.of(answer.text().asString().length());
            });
        });
        vertx.deployVerticle(scorer, WORKER)
                .compose(id -> vertx.eventBus()
                        .<Outcome<List<Score>>>request(
                                "scorer",
                                new ActorMessage.ScoreAnswers(0, List.of(Answer.of(Prompt.plain("q"), "four")))))
                .map(Message::body)
                .onComplete(test.succeeding(outcome -> test.verify(() -> {
                    assertThat(outcome)
                            .isInstanceOfSatisfying(
                                    Outcome.Done.class,
                                    done -> assertThat(done.result()).isEqualTo(List.of(Score.of(4))));
                    assertThat(threads[0]).isEqualTo("rollout-test-0");
                    assertThat(threads[1]).isEqualTo("rollout-test-0");
                    test.completeNow();
                })));
    }

    @Test
    void actor_orderThatIsNotForIt_isAnsweredWithAFailure(Vertx vertx, VertxTestContext test) {
        RolloutVertx.install(vertx);
        ActorVerticle.ActorEndpoint endpoint = new ActorVerticle.ActorEndpoint("feeder", new CallGuard());
        vertx.deployVerticle(new PromptFeeder(endpoint, index -> Optional.empty(), Rollouts::ids), WORKER)
                .compose(id -> vertx.eventBus().<Outcome<?>>request("feeder", new ActorMessage.Refresh(1)))
                .onComplete(test.succeeding(reply -> test.verify(() -> {
                    assertThat(reply.body())
                            .isInstanceOfSatisfying(
                                    Outcome.Failed.class,
                                    failed -> assertThat(failed.failure().reason())
                                            .isEqualTo("feeder received Refresh, which is not for it"));
                    test.completeNow();
                })));
    }
}
