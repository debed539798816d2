package ai.preceptor.cli.keys.learners;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.data.setting.Section;
import ai.preceptor.data.setting.ToldValue;
import ai.preceptor.lm.collective.CollectiveOptions;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Several learners that train one model: processes that this one starts, or processes on several machines. */
public record LearnersKeys(
        @Key(
                help = "processes on this machine that train together",
                defaultValue = "1",
                range = "[1, 64]",
                effect = KeyEffect.EXECUTION)
        int learners,

        @Key(
                help = "native library of several learners",
                defaultText = "that of preceptor-collective on the class path",
                path = PathKind.FILE,
                effect = KeyEffect.NONE)
        @Nullable
        Path collectiveLibrary,

        @Key(
                help = "divide the optimizer's moments among the learners (ZeRO stage 1)",
                defaultValue = "false",
                effect = KeyEffect.EXECUTION)
        boolean divideOptimizer,

        @Section(help = "this learner, where each is started by itself", effect = KeyEffect.EXECUTION) @Nullable
        LearnerPlace learner) {

    /** One learner. */
    public static final LearnersKeys ONE = new LearnersKeys(1, null, false, null);

    /** How many learners there are in all. */
    public int world() {
        return Math.max(learners, learner == null ? 1 : learner.world());
    }

    /** Number of this learner. */
    public int rank() {
        return learner == null ? 0 : learner.rank();
    }

    /** Whether this learner starts the others. */
    public boolean startsOthers() {
        return learners > 1;
    }

    /** For which a learner waits for another. */
    public Duration timeout() {
        return Duration.ofSeconds(learner == null ? LearnerPlace.TIMEOUT : learner.timeout());
    }

    /**
     * Refuses what does not go together.
     *
     * @param output of the run; null if it was not given
     */
    public void check(@Nullable Path output, Checks checks) {
        if (learner == null || learner.world() == 1) {
            return;
        }
        if (learners > 1) {
            checks.refuse("learners", "expected 1 with learner.world " + learner.world() + ", found " + learners);
        }
        if (output == null) {
            checks.refuse(
                    "output",
                    "required with learner.world " + learner.world()
                            + "; expected the run directory, which all learners see");
        }
    }

    /**
     * Refuses a part of a run that several learners would each do, and pay for.
     *
     * @param given what asks for it; null or false where nothing does
     */
    public void refuse(String key, @Nullable Object given, Checks checks) {
        if (world() > 1 && given != null && !given.equals(false)) {
            checks.refuse(key, "expected nothing with " + world() + " learners, found " + ToldValue.of(key, given));
        }
    }

    /** Where this learner finds the others, which are started one by one. */
    public CollectiveOptions place() {
        LearnerPlace place = Objects.requireNonNull(learner);
        LearnerPlace.Meeting meeting = Objects.requireNonNull(place.meeting());
        String address = place.address();
        if (address == null) {
            address = place.rank() == 0 ? meeting.host() : wayTo(meeting);
        }
        return new CollectiveOptions(place.rank(), place.world(), meeting.host(), meeting.port(), address, timeout());
    }

    /** This machine's address on its way to another; nothing is sent. */
    private static String wayTo(LearnerPlace.Meeting meeting) {
        InetSocketAddress master = new InetSocketAddress(meeting.host(), meeting.port());
        if (master.isUnresolved()) {
            throw new ConfigurationException("learner.master: no address is known of " + meeting.host());
        }
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(master);
            return socket.getLocalAddress().getHostAddress();
        } catch (SocketException e) {
            throw new ConfigurationException(
                    "learner.address: this machine has no way to " + meeting.host() + " (" + e.getMessage()
                            + "); expected its address",
                    e);
        }
    }
}
