package ai.preceptor.dashboard.judge;

import ai.preceptor.dashboard.BadRequestException;
import ai.preceptor.dashboard.Page;
import ai.preceptor.dashboard.PageRoutes;
import ai.preceptor.dashboard.Parameters;
import ai.preceptor.dashboard.Replies;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Optional;

/** The page on which a person judges pairs. */
public final class JudgeRoutes implements PageRoutes {
    private static final int LONGEST_MILLIS = 24 * 60 * 60 * 1000;

    private final JudgeSession session;

    /** @param session stays open, and is closed by its opener */
    public JudgeRoutes(JudgeSession session) {
        this.session = session;
    }

    @Override
    public List<Page> pages() {
        return List.of(new Page("/judge", "Judge", "judge.js", "Judge"));
    }

    @Override
    public List<String> assets() {
        return List.of("judge.js", "judge.css");
    }

    @Override
    public void route(Router router, WorkerExecutor workers) {
        router.get("/api/judge").handler(one -> Replies.send(one, workers, none -> Optional.of(session.state())));
        router.get("/api/judge/agreement")
                .handler(one -> Replies.send(one, workers, none -> Optional.of(session.agreement())));
        router.post("/api/judge")
                .handler(one -> Replies.send(one, workers, parameters -> {
                    judge(parameters);
                    return Optional.of(session.state());
                }));
        router.post("/api/judge/undo")
                .handler(one -> Replies.send(one, workers, none -> {
                    session.undo();
                    return Optional.of(session.state());
                }));
    }

    private void judge(Parameters parameters) {
        String name = parameters.text("verdict");
        Verdict verdict = Verdict.of(name)
                .orElseThrow(() -> new BadRequestException("verdict: expected first, second or tie, found " + name));
        session.judge(parameters.text("id"), verdict, parameters.number("millis", 0, 0, LONGEST_MILLIS) / 1e3);
    }
}
