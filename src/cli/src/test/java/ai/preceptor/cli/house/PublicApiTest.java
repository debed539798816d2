package ai.preceptor.cli.house;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.Preceptor;
import ai.preceptor.data.Answer;
import ai.preceptor.distill.Divergence;
import ai.preceptor.policy.PolicySettings;
import ai.preceptor.ranking.RankLossType;
import ai.preceptor.reward.BradleyTerryLoss;
import ai.preceptor.teacher.ScorerJudge;
import ai.preceptor.testkit.ProjectRoot;
import ai.preceptor.train.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What compiled against the library before compiles against it now; see docs/library.md, Versions. */
class PublicApiTest {
    private static final List<Class<?>> MODULES = List.of(
            Preceptor.class,
            Answer.class,
            TrainConfig.class,
            BradleyTerryLoss.class,
            RankLossType.class,
            PolicySettings.class,
            ScorerJudge.class,
            Divergence.class);

    /** What serves the command line and other modules, tensors, and the insides of teachers and actors promise nothing. */
    private static final List<String> INTERNAL = Stream.of(
                    "run data.setting data.files train.experiment teacher.ledger teacher.served.http teacher.served.client",
                    "lm.torch lm.decoder lm.batch lm.weights lm.engine lm.optim formats rollout jinja vector")
            .flatMap(line -> Arrays.stream(line.split(" ")))
            .map("ai.preceptor."::concat)
            .toList();

    private static final Path BASELINE = Path.of("src/cli/src/test/resources/ai/preceptor/cli/house/public-api.txt");

    @Test
    void publicApi_keepsWhatItHad() throws IOException {
        Path root = ProjectRoot.find();
        Map<String, SortedSet<String>> now = new PublicApi(MODULES, PublicApiTest::promised).members();
        assertThat(now)
                .containsKeys(
                        "ai.preceptor.Student", "ai.preceptor.data.Scorer", "ai.preceptor.train.TrainConfigBuilder");
        Path current = root.resolve("src/cli/target/public-api.txt");
        Files.write(current, lines(now));
        Map<String, SortedSet<String>> before = parsed(Files.readAllLines(root.resolve(BASELINE)));
        assertThat(breaks(before, now))
                .as("members that were removed, changed, or now have to be implemented. If that is meant, say so in the"
                        + " changelog and copy " + current + " to " + BASELINE)
                .isEmpty();
    }

    @Test
    void breaks_areRemovedMembersAndNewDuties_notAdditions() {
        Map<String, SortedSet<String>> before = parsed(List.of("a.T", "  interface", "  public abstract int a.T.x()"));
        assertThat(breaks(before, before)).isEmpty();
        assertThat(breaks(
                        before,
                        parsed(List.of(
                                "a.T",
                                "  interface",
                                "  public abstract int a.T.x()",
                                "  public default int a.T.y()",
                                "a.U",
                                "  interface",
                                "  public abstract int a.U.z()"))))
                .isEmpty();
        assertThat(breaks(before, parsed(List.of("a.T", "  interface", "  public abstract long a.T.x()"))))
                .containsExactly("- a.T: public abstract int a.T.x()", "+ a.T: public abstract long a.T.x()");
        assertThat(breaks(before, Map.of())).hasSize(2);
    }

    private static boolean promised(String name) {
        return INTERNAL.stream().noneMatch(internal -> (name + ".").startsWith(internal + "."));
    }

    private static List<String> breaks(Map<String, SortedSet<String>> before, Map<String, SortedSet<String>> now) {
        List<String> breaks = new ArrayList<>();
        before.forEach((type, members) -> {
            SortedSet<String> kept = now.getOrDefault(type, new TreeSet<>());
            for (String member : members) {
                if (!kept.contains(member)) {
                    breaks.add("- " + type + ": " + member);
                }
            }
            for (String member : kept) {
                if (member.contains(" abstract ") && !members.contains(member)) {
                    breaks.add("+ " + type + ": " + member);
                }
            }
        });
        return breaks;
    }

    private static List<String> lines(Map<String, SortedSet<String>> api) {
        List<String> lines = new ArrayList<>();
        api.forEach((type, members) -> {
            lines.add(type);
            members.forEach(member -> lines.add("  " + member));
        });
        return lines;
    }

    private static Map<String, SortedSet<String>> parsed(List<String> lines) {
        Map<String, SortedSet<String>> api = new TreeMap<>();
        String type = "";
        for (String line : lines) {
            if (line.startsWith("  ")) {
                api.get(type).add(line.substring(2));
            } else {
                type = line;
                api.put(type, new TreeSet<>());
            }
        }
        return api;
    }
}
