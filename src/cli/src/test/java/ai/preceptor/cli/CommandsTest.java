package ai.preceptor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CommandsTest {
    /** Reading every record's annotations is what finds a mistake in them. */
    @Test
    void help_everyCommand_explainsItsKeys() {
        Commands commands = Commands.standard();
        List<String> names = commands.names();
        assertThat(names).contains("doctor").doesNotHaveDuplicates();
        for (String name : names) {
            assertThat(commands.help(name)).as(name).hasSizeGreaterThan(4).allMatch(line -> line.length() <= 120);
        }
    }
}
