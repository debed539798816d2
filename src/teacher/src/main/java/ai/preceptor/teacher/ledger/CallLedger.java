package ai.preceptor.teacher.ledger;

import ai.preceptor.data.DataException;
import ai.preceptor.data.OutputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of paid calls, an SQLite file. Before a call is made its highest possible cost is reserved ({@link
 * #reserve});
 * when it has ended it is settled ({@link #settle}) or, if it was never billed, taken back ({@link #release}). What these
 * say is on the disk when they return and survives a failure of the process or machine.
 *
 * <p>Several runs, in one process or many, may share a file: each reservation is one transaction, so that what all of them
 * have spent and reserved is never above the cap that it was checked against. What a process reserved before it was killed
 * counts as spent permanently, since it is unknown what the server did. All methods wait for the disk and for other
 * writers: they
 * are not for an event loop. For any thread.
 */
public final class CallLedger implements AutoCloseable {
    private static final String MALFORMED = CallState.MALFORMED.label();

    private final String name;
    private final Object place;
    private final Connection connection;
    private final String owner;
    private final InstantSource clock;

    private CallLedger(String name, Object place, Connection connection, InstantSource clock) {
        this.name = name;
        this.place = place;
        this.connection = connection;
        this.owner = "process " + ProcessHandle.current().pid() + " at " + clock.instant();
        this.clock = clock;
    }

    /**
     * Opens a ledger, made with its directories if missing; one of an earlier version is brought up to date.
     *
     * @throws DataException if the file is no ledger, or one of a later version
     * @throws OutputException if its directory cannot be made
     */
    public static CallLedger open(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        try {
            if (parent != null) {
                Files.createDirectories(parent);
            }
        } catch (IOException e) {
            throw new OutputException(file, "its directory cannot be made: " + e.getMessage(), e);
        }
        Path place = file.toAbsolutePath();
        return connect(file.toString(), place.normalize(), "jdbc:sqlite:" + place);
    }

    /** A ledger that lives as long as this object. */
    public static CallLedger inMemory() {
        return connect("ledger in memory", new Object(), "jdbc:sqlite::memory:");
    }

    private static CallLedger connect(String name, Object place, String url) {
        try {
            return new CallLedger(name, place, LedgerFile.open(name, url), InstantSource.system());
        } catch (SQLException e) {
            throw new DataException(name + ": cannot be opened as a ledger: " + e.getMessage(), e);
        }
    }

    /** Where it is kept: equal for all that one process has opened of the same file. */
    public Object place() {
        return place;
    }

    /** What is known of a request. */
    public synchronized CallHistory history(String hash) {
        try {
            return new CallHistory(answered(hash), malformed(hash), problem(hash));
        } catch (SQLException e) {
            throw new DataException(name + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Reserves the highest possible cost of a call, if it fits under the cap beside all that was spent and reserved, and
     * if the call is still needed.
     *
     * @param cap most that all calls of the ledger may cost
     * @throws OutputException if it cannot be written
     */
    public synchronized Admission reserve(Intent intent, Money cap) {
        return write(() -> {
            CallHistory history = history(intent.hash());
            if (history.answered() != null || history.malformed() >= intent.attempts()) {
                return new Admission.Known(history);
            }
            Money spent = spent();
            Money with = spent.plus(intent.most());
            if (with.compareTo(cap) > 0) {
                return query(
                        "SELECT COUNT(*), COALESCE(SUM(cost), 0) FROM calls WHERE state = 'open'",
                        row -> new Admission.Refused(spent, new Money(row.getLong(2)), row.getLong(1)));
            }
            spend(with);
            return new Admission.Reserved(insert(intent));
        });
    }

    private Reservation insert(Intent intent) throws SQLException {
        String insert =
                "INSERT INTO calls (hash, state, reserved, cost, prompt_tokens, completion_tokens, owner, begun,"
                        + " finish_reason, request) VALUES (?, 'open', ?, ?, 0, 0, ?, ?, '', ?) RETURNING id";
        long most = intent.most().nanos();
        return query(
                insert,
                row -> new Reservation(row.getLong(1), intent.hash(), intent.most()),
                intent.hash(),
                most,
                most,
                owner,
                clock.instant().toString(),
                intent.request());
    }

    /**
     * Keeps how a call ended; from now on its cost counts in place of what was reserved.
     *
     * @return how many answers to the request were malformed so far
     * @throws OutputException if it cannot be written; then the highest cost goes on counting
     */
    public synchronized int settle(Reservation reservation, Settlement end) {
        return write(() -> {
            close(
                    reservation,
                    end.cost(),
                    "UPDATE calls SET state = ?, cost = ?, prompt_tokens = ?, completion_tokens = ?, finish_reason = ?,"
                            + " problem = ?, reply = ?, body = ? WHERE id = ? AND state = 'open'",
                    end.state().label(),
                    end.cost().nanos(),
                    end.promptTokens(),
                    end.completionTokens(),
                    end.finishReason(),
                    end.problem(),
                    end.reply(),
                    end.body(),
                    reservation.id());
            return malformed(reservation.hash());
        });
    }

    /**
     * Keeps answers that cost nothing, in one transaction; of a request that has an answer already, that one stays.
     *
     * @throws OutputException if they cannot be written
     */
    public synchronized void keep(List<FreeCall> calls) {
        write(() -> {
            for (FreeCall call : calls) {
                if (answered(call.hash()) == null) {
                    keep(call);
                }
            }
            return calls;
        });
    }

    private void keep(FreeCall call) throws SQLException {
        String insert =
                "INSERT INTO calls (hash, state, reserved, cost, prompt_tokens, completion_tokens, owner, begun,"
                        + " finish_reason, request, reply) VALUES (?, ?, 0, 0, ?, ?, ?, ?, ?, ?, ?)";
        try (PreparedStatement statement = prepared(
                insert,
                call.hash(),
                CallState.ANSWERED.label(),
                call.promptTokens(),
                call.completionTokens(),
                owner,
                clock.instant().toString(),
                call.finishReason(),
                call.request(),
                call.reply())) {
            statement.executeUpdate();
        }
    }

    /**
     * Takes back a call that was certainly not billed.
     *
     * @throws OutputException if it cannot be written; then the highest cost goes on counting
     */
    public synchronized void release(Reservation reservation) {
        write(() -> {
            close(reservation, Money.ZERO, "DELETE FROM calls WHERE id = ? AND state = 'open'", reservation.id());
            return reservation;
        });
    }

    private void close(Reservation reservation, Money cost, String sql, @Nullable Object... values)
            throws SQLException {
        try (PreparedStatement statement = prepared(sql, values)) {
            if (statement.executeUpdate() != 1) {
                throw new IllegalStateException(name + ": call " + reservation.id() + " is not open");
            }
        }
        spend(spent().minus(reservation.most()).plus(cost));
    }

    /** Totals of all its calls. */
    public synchronized LedgerTotals totals() {
        String query = "SELECT TOTAL(state = 'answered'), SUM(prompt_tokens), SUM(completion_tokens),"
                + " TOTAL(state = 'malformed'), TOTAL(state = 'unanswered'), TOTAL(state = 'open'),"
                + " SUM(CASE state WHEN 'open' THEN cost ELSE 0 END) FROM calls";
        try {
            return query(
                    query,
                    row -> new LedgerTotals(
                            row.getLong(1),
                            row.getLong(2),
                            row.getLong(3),
                            spent().units(),
                            row.getLong(4),
                            row.getLong(5),
                            row.getLong(6),
                            new Money(row.getLong(7)).units()));
        } catch (SQLException e) {
            throw new DataException(name + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private @Nullable PaidCall answered(String hash) throws SQLException {
        String query = "SELECT reply, finish_reason, prompt_tokens, completion_tokens, cost FROM calls"
                + " WHERE hash = ? AND state = 'answered' ORDER BY id LIMIT 1";
        try (PreparedStatement statement = prepared(query, hash);
                ResultSet row = statement.executeQuery()) {
            return row.next()
                    ? new PaidCall(
                            row.getString(1),
                            row.getString(2),
                            row.getLong(3),
                            row.getLong(4),
                            new Money(row.getLong(5)))
                    : null;
        }
    }

    private int malformed(String hash) throws SQLException {
        return query("SELECT COUNT(*) FROM calls WHERE hash = ? AND state = ?", row -> row.getInt(1), hash, MALFORMED);
    }

    private String problem(String hash) throws SQLException {
        return query(
                "SELECT problem FROM calls WHERE hash = ? AND state = ? ORDER BY id DESC LIMIT 1",
                row -> row.next() ? String.valueOf(row.getString(1)) : "",
                hash,
                MALFORMED);
    }

    private Money spent() throws SQLException {
        return query("SELECT total FROM account", row -> new Money(row.getLong(1)));
    }

    /** Reads a result. */
    private interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    private <T> T query(String sql, Reading<T> reading, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = prepared(sql, values);
                ResultSet row = statement.executeQuery()) {
            return reading.of(row);
        }
    }

    private void spend(Money total) throws SQLException {
        try (PreparedStatement statement = prepared("UPDATE account SET total = ?", total.nanos())) {
            statement.executeUpdate();
        }
    }

    private PreparedStatement prepared(String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement;
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }

    private <T> T write(Transaction.Work<T> work) {
        try {
            return Transaction.run(connection, work);
        } catch (SQLException e) {
            throw new OutputException(Path.of(name), "cannot be written: " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new OutputException(Path.of(name), "cannot be written: " + e.getMessage(), e);
        }
    }
}
