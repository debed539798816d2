package ai.preceptor.teacher.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.preceptor.data.DataException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallLedgerTest {
    private static final int RUNS = 6;

    @TempDir
    private Path directory;

    private static Money money(double units) {
        return Money.atLeast(BigDecimal.valueOf(units));
    }

    private static Reservation reserved(CallLedger ledger, String hash, double most) {
        Admission admission = ledger.reserve(new Intent(hash, "{}", money(most), 3), Money.MOST);
        assertThat(admission).isInstanceOf(Admission.Reserved.class);
        return ((Admission.Reserved) admission).reservation();
    }

    private static Settlement answer(String reply, double cost) {
        return new Settlement(CallState.ANSWERED, money(cost), 100, 10, reply, "stop", null, null);
    }

    private static Settlement malformed(String problem, double cost) {
        return new Settlement(CallState.MALFORMED, money(cost), 0, 0, null, "", problem, "<html>");
    }

    private static LedgerTotals answered(long calls, double cost) {
        return new LedgerTotals(calls, 100 * calls, 10 * calls, cost, 0, 0, 0, 0);
    }

    @Test
    void history_givesBackWhatAnotherProcessSettled_andTheFirstReplyStays() {
        Path file = directory.resolve("a/b/calls.sqlite");
        try (CallLedger ledger = CallLedger.open(file)) {
            Reservation first = reserved(ledger, "one", 0.6);
            Reservation second = reserved(ledger, "one", 0.6);
            ledger.settle(first, answer("an owl \uD83E\uDD89", 0.5));
            ledger.settle(second, answer("a wren", 9));
            ledger.settle(reserved(ledger, "two", 1), answer("", 0.25));
        }
        try (CallLedger ledger = CallLedger.open(file)) {
            assertThat(ledger.history("one").answered())
                    .isEqualTo(new PaidCall("an owl \uD83E\uDD89", "stop", 100, 10, money(0.5)));
            assertThat(ledger.history("three")).isEqualTo(new CallHistory(null, 0, ""));
            assertThat(ledger.totals()).as("the second one was paid too").isEqualTo(answered(3, 9.75));
        }
    }

    @Test
    void open_twoAtOnce_bothWrite() {
        Path file = directory.resolve("calls.sqlite");
        try (CallLedger one = CallLedger.open(file);
                CallLedger two = CallLedger.open(file)) {
            one.settle(reserved(one, "one", 1), answer("x", 1));
            two.settle(reserved(two, "two", 1), answer("x", 1));
            assertThat(one.totals()).isEqualTo(two.totals()).isEqualTo(answered(2, 2));
        }
    }

    @Test
    void reserve_beyondTheCap_isRefused_toAnotherRunToo_untilItIsSettledForLess() {
        Path file = directory.resolve("calls.sqlite");
        Money cap = money(1);
        try (CallLedger one = CallLedger.open(file);
                CallLedger two = CallLedger.open(file)) {
            Reservation first = reserved(one, "one", 0.7);
            Intent next = new Intent("two", "{}", money(0.4), 3);
            assertThat(two.reserve(next, cap)).isEqualTo(new Admission.Refused(money(0.7), money(0.7), 1));
            one.settle(first, answer("x", 0.6));
            assertThat(two.reserve(next, cap)).as("to the last billionth").isInstanceOf(Admission.Reserved.class);
            assertThat(one.totals().cost()).isEqualTo(1.0);
            Intent least = new Intent("three", "{}", new Money(1), 3);
            assertThat(one.reserve(least, cap)).isEqualTo(new Admission.Refused(cap, money(0.4), 1));
        }
    }

    @Test
    void release_leavesNothing_andNothingIsSettledTwice() {
        try (CallLedger ledger = CallLedger.inMemory()) {
            Reservation call = reserved(ledger, "one", 0.7);
            assertThat(ledger.totals()).isEqualTo(new LedgerTotals(0, 0, 0, 0.7, 0, 0, 1, 0.7));
            ledger.release(call);
            assertThat(ledger.totals()).isEqualTo(answered(0, 0));
            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> ledger.release(call));
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> ledger.settle(call, answer("x", 0.1)));
            assertThat(ledger.totals().cost()).isZero();
        }
    }

    @Test
    void reserve_whatIsKnown_isNotNeeded() {
        try (CallLedger ledger = CallLedger.inMemory()) {
            Intent intent = new Intent("one", "{}", money(1), 2);
            assertThat(ledger.settle(reserved(ledger, "one", 1), malformed("no JSON", 0.5)))
                    .isEqualTo(1);
            Reservation late = reserved(ledger, "one", 1);
            assertThat(ledger.settle(reserved(ledger, "one", 1), malformed("no text", 0.5)))
                    .isEqualTo(2);
            assertThat(ledger.reserve(intent, Money.MOST))
                    .isEqualTo(new Admission.Known(new CallHistory(null, 2, "no text")));
            ledger.settle(late, answer("x", 1));
            assertThat(ledger.reserve(intent, Money.MOST))
                    .isEqualTo(new Admission.Known(
                            new CallHistory(new PaidCall("x", "stop", 100, 10, money(1)), 2, "no text")));
        }
    }

    @Test
    void open_aLedgerOfVersion1_keepsItsCallsAndCosts() throws SQLException {
        Path file = directory.resolve("calls.sqlite");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE calls (hash TEXT PRIMARY KEY, request TEXT NOT NULL,"
                    + " reply TEXT NOT NULL, finish_reason TEXT NOT NULL, prompt_tokens INTEGER NOT NULL,"
                    + " completion_tokens INTEGER NOT NULL, cost REAL NOT NULL)");
            statement.execute("INSERT INTO calls VALUES ('one', '{}', 'an owl', 'stop', 100, 10, 0.1),"
                    + " ('two', '{}', 'a wren', 'length', 100, 10, 0.2)");
            statement.execute("PRAGMA user_version = 1");
        }
        for (int time = 0; time < 2; time++) {
            try (CallLedger ledger = CallLedger.open(file)) {
                assertThat(ledger.totals()).isEqualTo(answered(2, 0.3));
                assertThat(ledger.history("two").answered())
                        .isEqualTo(new PaidCall("a wren", "length", 100, 10, money(0.2)));
            }
        }
        try (CallLedger ledger = CallLedger.open(file)) {
            ledger.settle(reserved(ledger, "three", 1), answer("x", 0.7));
            assertThat(ledger.totals()).isEqualTo(answered(3, 1));
        }
    }

    /** Every opening and every reservation meets others at the same moment; no order of them may lose or overspend. */
    @Test
    void reserve_byManyAtOnce_inANewFile_staysUnderTheCap_andTheSumIsOfTheRows() throws Exception {
        Path file = directory.resolve("calls.sqlite");
        Money cap = money(0.5);
        ExecutorService threads = Executors.newFixedThreadPool(RUNS);
        try {
            CountDownLatch together = new CountDownLatch(RUNS);
            List<Callable<Money>> runs = new ArrayList<>();
            for (int run = 0; run < RUNS; run++) {
                String name = "run " + run;
                runs.add(() -> {
                    together.countDown();
                    together.await();
                    return spent(file, name, cap);
                });
            }
            Money spent = Money.ZERO;
            for (Future<Money> run : threads.invokeAll(runs)) {
                spent = spent.plus(run.get());
            }
            assertThat(spent).isLessThanOrEqualTo(cap).isGreaterThan(money(0.4));
            try (CallLedger ledger = CallLedger.open(file);
                    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                    ResultSet sum = connection.createStatement().executeQuery("SELECT SUM(cost) FROM calls")) {
                assertThat(ledger.totals().cost()).isEqualTo(spent.units());
                assertThat(sum.getLong(1)).isEqualTo(spent.nanos());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static Money spent(Path file, String name, Money cap) {
        Money spent = Money.ZERO;
        try (CallLedger ledger = CallLedger.open(file)) {
            for (int i = 0; i < 20; i++) {
                Admission admission = ledger.reserve(new Intent(name + i, "{}", money(0.05), 3), cap);
                if (admission instanceof Admission.Reserved reserved && i % 5 == 0) {
                    ledger.release(reserved.reservation());
                } else if (admission instanceof Admission.Reserved reserved) {
                    Settlement end = i % 2 == 0 ? answer("x", 0.04) : malformed("y", 0.05);
                    ledger.settle(reserved.reservation(), end);
                    spent = spent.plus(end.cost());
                }
            }
        }
        return spent;
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
                .withMessage(later + ": a ledger of version 99, this program reads up to 2");
    }
}
