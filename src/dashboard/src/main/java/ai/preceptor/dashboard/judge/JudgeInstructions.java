package ai.preceptor.dashboard.judge;

import ai.preceptor.dashboard.Page;
import ai.preceptor.dashboard.PageRoutes;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.Router;
import java.util.List;

/** The page at {@code /judge} where there are no pairs to judge: it says how to start judging. */
public final class JudgeInstructions implements PageRoutes {
    @Override
    public List<Page> pages() {
        return List.of(new Page("/judge", "Judge", "judge-start.js", "Judge"));
    }

    @Override
    public List<String> assets() {
        return List.of("judge-start.js");
    }

    @Override
    public void route(Router router, WorkerExecutor workers) {
        // The page is all there is.
    }
}
