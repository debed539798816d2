package ai.preceptor.cli.keys.learners;

import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One learner among those that were started one by one, and how long learners wait for each other. */
public record LearnerPlace(
        @Key(help = "number of this learner; 0 writes the run directory", defaultValue = "0", range = "[0, 1023]")
        int rank,

        @Key(help = "number of learners", defaultValue = "1", range = "[1, 1024]")
        int world,

        @Key(help = "HOST:PORT where the learner of rank 0 listens") @Nullable
        String master,

        @Key(
                help = "address of this machine, by which the others reach it",
                defaultText = "that of its way to learner.master")
        @Nullable
        String address,

        @Key(
                help = "seconds for which a learner waits for another before the run ends; longer than a checkpoint or"
                        + " an evaluation takes",
                defaultValue = "600",
                range = "[1, 86400]")
        int timeout)
        implements Checked {
    static final int TIMEOUT = 600;
    private static final Pattern MASTER = Pattern.compile("\\[?([^\\[\\]]+?)]?:([0-9]{1,5})");

    /** Where a group meets. */
    record Meeting(String host, int port) {}

    @Override
    public void check(Checks checks) {
        if (rank >= world) {
            checks.refuse("rank", "expected less than learner.world " + world + ", found " + rank);
        }
        if (world > 1 && master == null) {
            checks.refuse("master", "required with learner.world " + world + "; expected HOST:PORT");
        }
        if (master != null && meeting() == null) {
            checks.refuse("master", "expected HOST:PORT, found \"" + master + "\"");
        }
    }

    /** Null where {@code master} is none. */
    @Nullable
    Meeting meeting() {
        Matcher parts = MASTER.matcher(master == null ? "" : master);
        if (!parts.matches()) {
            return null;
        }
        int port = Integer.parseInt(parts.group(2));
        return port < 1 || port > 65535 ? null : new Meeting(parts.group(1), port);
    }
}
