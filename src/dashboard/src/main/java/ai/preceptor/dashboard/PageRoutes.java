package ai.preceptor.dashboard;

import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.Router;
import java.util.List;

/**
 * A part of the dashboard with pages of its own. Every request has passed {@link RequestGuard} before: its host is a loopback
 * name, and one that changes something came from our own page.
 */
public interface PageRoutes {
    /** Its pages. */
    List<Page> pages();

    /** Names of its assets: resources in {@code page/} beside this class, served as {@code /assets/NAME}. */
    List<String> assets();

    /**
     * Adds its routes, whose paths begin with {@code /api/}.
     *
     * @param workers for everything that blocks
     */
    void route(Router router, WorkerExecutor workers);
}
