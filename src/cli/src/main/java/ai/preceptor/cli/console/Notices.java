package ai.preceptor.cli.console;

import java.io.PrintStream;
import java.util.HashSet;
import java.util.Set;

/** Notices that are printed once per process, however many stages give them. */
public final class Notices {
    private final PrintStream err;
    private final Set<String> told = new HashSet<>();

    /** @param err where to */
    public Notices(PrintStream err) {
        this.err = err;
    }

    /** Whether there was no notice on a topic yet. */
    public synchronized boolean isNew(String topic) {
        return !told.contains(topic);
    }

    /** Prints it, unless there was a notice on the topic already. */
    public synchronized void tell(String topic, String notice) {
        if (told.add(topic)) {
            err.println(notice);
        }
    }
}
