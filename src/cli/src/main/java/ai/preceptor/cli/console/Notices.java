package ai.preceptor.cli.console;

import java.io.PrintStream;
import java.util.HashSet;
import java.util.Set;

/** What a user is told once a process, however many stages would say it. */
public final class Notices {
    private final PrintStream err;
    private final Set<String> told = new HashSet<>();

    /** @param err where to */
    public Notices(PrintStream err) {
        this.err = err;
    }

    /** Whether nothing was told about a topic yet. */
    public synchronized boolean isNew(String topic) {
        return !told.contains(topic);
    }

    /** Tells it, unless something was told about the topic already. */
    public synchronized void tell(String topic, String notice) {
        if (told.add(topic)) {
            err.println(notice);
        }
    }
}
