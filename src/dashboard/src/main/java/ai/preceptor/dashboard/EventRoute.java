package ai.preceptor.dashboard;

import ai.preceptor.dashboard.run.RunBoard;
import ai.preceptor.dashboard.run.RunBoard.Changes;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells every client which runs have changed, as server-sent events. All clients share one look at the files; without a client
 * nobody looks. A client that does not keep up misses events and gets all rows once it does. On the event loop.
 */
final class EventRoute {
    private static final Logger LOG = LoggerFactory.getLogger(EventRoute.class);
    private static final int MOST_CLIENTS = 64;
    private static final int QUIET_LOOKS = 15;

    private final RunBoard board;
    private final WorkerExecutor workers;
    private final Set<Client> clients = new LinkedHashSet<>();
    private boolean looking;

    /** One who listens. */
    private static final class Client {
        private final HttpServerResponse response;
        private boolean behind = true;
        private int quiet;

        Client(HttpServerResponse response) {
            this.response = response;
        }
    }

    EventRoute(RunBoard board, WorkerExecutor workers) {
        this.board = board;
        this.workers = workers;
    }

    void start(Vertx vertx, Duration interval) {
        vertx.setPeriodic(interval.toMillis(), tick -> look());
    }

    void handle(RoutingContext one) {
        if (clients.size() >= MOST_CLIENTS) {
            Replies.error(one, 503, "at most " + MOST_CLIENTS + " pages can watch at a time");
            return;
        }
        HttpServerResponse response = one.response();
        Client client = new Client(response);
        response.setChunked(true).putHeader("content-type", "text/event-stream");
        response.closeHandler(closed -> clients.remove(client));
        response.exceptionHandler(broken -> clients.remove(client));
        response.write("retry: 2000\n\n");
        clients.add(client);
        look();
    }

    int clients() {
        return clients.size();
    }

    private void look() {
        if (looking || clients.isEmpty()) {
            return;
        }
        looking = true;
        boolean needsAll = someNeedAll();
        workers.<Events>executeBlocking(() -> events(needsAll), false).onComplete(done -> {
            looking = false;
            if (done.succeeded()) {
                clients.forEach(client -> send(client, done.result()));
                if (!needsAll && someNeedAll()) {
                    look(); // for those who came meanwhile
                }
            } else {
                LOG.warn("runs could not be looked at", done.cause());
            }
        });
    }

    /**
     * @param changes empty if there are none
     * @param all all rows; empty if nobody needed them
     */
    private record Events(String changes, String all) {}

    private boolean someNeedAll() {
        return clients.stream()
                .anyMatch(client -> client.behind && !client.response.closed() && !client.response.writeQueueFull());
    }

    private Events events(boolean needsAll) {
        Changes changes = board.takeChanges();
        String some = changes.isEmpty() ? "" : event("rows", changes);
        return new Events(some, needsAll ? event("all", Map.of("runs", board.rows())) : "");
    }

    private static String event(String name, Object data) {
        return "event: " + name + "\ndata: " + Replies.text(data) + "\n\n";
    }

    private static void send(Client client, Events events) {
        if (client.response.closed()) {
            return;
        }
        if (client.response.writeQueueFull()) {
            client.behind = true;
            return;
        }
        if (client.behind && events.all().isEmpty()) {
            return;
        }
        if (client.behind) {
            client.behind = false;
            client.response.write(events.all());
        } else if (!events.changes().isEmpty()) {
            client.quiet = 0;
            client.response.write(events.changes());
        } else if (++client.quiet >= QUIET_LOOKS) {
            client.quiet = 0;
            client.response.write(": still here\n\n");
        }
    }
}
