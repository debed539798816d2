package ai.preceptor.cli.keys.learners;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.cli.config.Settings;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.lm.collective.CollectiveOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LearnersKeysTest {
    /** Keys of a command that several learners run. */
    record Keys(
            @Key(help = "run directory") @Nullable Path output,
            @Key(help = "costly", defaultValue = "false") boolean costly,
            @Group(title = "Learners") LearnersKeys learners)
            implements Checked {
        @Override
        public void check(Checks checks) {
            learners.check(output, checks);
            learners.refuse("costly", costly, checks);
        }
    }

    private static LearnersKeys read(String arguments) {
        return Settings.of(Keys.class)
                .arguments(List.of(arguments.split(" ")))
                .read()
                .learners();
    }

    @Test
    void read_nothing_isOneLearner() {
        LearnersKeys keys = read("costly=true");
        assertThat(keys.world()).isEqualTo(1);
        assertThat(keys.rank()).isZero();
        assertThat(keys.startsOthers()).isFalse();
        assertThat(keys).isEqualTo(LearnersKeys.ONE);
    }

    @Test
    void read_learnersOfThisMachine_areStartedHere() {
        LearnersKeys keys = read("learners=3 learner.timeout=30");
        assertThat(keys.world()).isEqualTo(3);
        assertThat(keys.rank()).isZero();
        assertThat(keys.startsOthers()).isTrue();
        assertThat(keys.timeout()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void read_oneOfSeveralMachines_hasItsPlace() {
        LearnersKeys keys = read("output=run learner.rank=1 learner.world=2 learner.master=127.0.0.1:4000");
        assertThat(keys.place())
                .isEqualTo(new CollectiveOptions(1, 2, "127.0.0.1", 4000, "127.0.0.1", Duration.ofSeconds(600)));
        assertThat(read("output=run learner.world=2 learner.master=[::1]:4000 learner.address=10.0.0.7")
                        .place())
                .isEqualTo(new CollectiveOptions(0, 2, "::1", 4000, "10.0.0.7", Duration.ofSeconds(600)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "learners=0 | learners: expected an integer in [1, 64], found 0",
                "output=o learner.world=2 | learner.master: required with learner.world 2; expected HOST:PORT",
                "output=o learner.world=2 learner.master=here | learner.master: expected HOST:PORT, found \"here\"",
                "output=o learner.world=2 learner.master=h:0 | learner.master: expected HOST:PORT, found \"h:0\"",
                "output=o learner.world=2 learner.rank=2 learner.master=h:1 | learner.rank: expected less than"
                        + " learner.world 2, found 2",
                "learner.world=2 learner.master=h:1 | output: required with learner.world 2; expected the run directory,"
                        + " which all learners see",
                "output=o learners=2 learner.world=2 learner.master=h:1 | learners: expected 1 with learner.world 2, found 2",
                "learners=2 costly=true | costly: expected nothing with 2 learners, found true"
            })
    void read_whatDoesNotGoTogether_isRefused(String arguments, String problem) {
        assertThatThrownBy(() -> read(arguments))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("command line: " + problem);
    }
}
