package ai.preceptor.teacher.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.preceptor.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallLedgerTest {
    @TempDir
    private Path directory;

    private static PaidCall call(String hash, String reply, double cost) {
        return new PaidCall(hash, "{}", reply, "stop", 100, 10, cost);
    }

    @Test
    void find_givesBackWhatAnotherProcessAdded_andTheFirstReplyStays() {
        Path file = directory.resolve("a/b/calls.sqlite");
        try (CallLedger ledger = CallLedger.open(file)) {
            ledger.add(call("one", "an owl \uD83E\uDD89", 0.5));
            ledger.add(call("one", "a wren", 9));
            ledger.add(call("two", "", 0.25));
        }
        try (CallLedger ledger = CallLedger.open(file)) {
            assertThat(ledger.find("one")).isEqualTo(call("one", "an owl \uD83E\uDD89", 0.5));
            assertThat(ledger.find("three")).isNull();
            assertThat(ledger.totals()).isEqualTo(new Totals(2, 200, 20, 0.75));
        }
    }

    @Test
    void open_twoAtOnce_bothWrite() {
        Path file = directory.resolve("calls.sqlite");
        try (CallLedger one = CallLedger.open(file);
                CallLedger two = CallLedger.open(file)) {
            one.add(call("one", "x", 1));
            two.add(call("two", "x", 1));
            assertThat(one.totals()).isEqualTo(two.totals()).isEqualTo(new Totals(2, 200, 20, 2));
        }
    }

    @Test
    void open_whatIsNoLedger_isRefused() throws IOException, SQLException {
        Path text = directory.resolve("text");
        Files.writeString(text, "this is no database, however long it is. ".repeat(100));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> CallLedger.open(text))
                .withMessageStartingWith(text + ": cannot be opened as a ledger");
        Path later = directory.resolve("later");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + later)) {
            connection.createStatement().execute("PRAGMA user_version = 99");
        }
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> CallLedger.open(later))
                .withMessage(later + ": a ledger of version 99, this program reads up to 1");
    }
}
