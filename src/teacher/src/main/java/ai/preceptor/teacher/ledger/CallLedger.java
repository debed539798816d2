package ai.preceptor.teacher.ledger;

import ai.preceptor.data.DataException;
import ai.preceptor.data.OutputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of paid calls, an SQLite file. A call is on the disk when {@link #add} returns, whatever happens to the process
 * or the machine afterwards.
 *
 * <p>Several runs may share a file; a writer waits for another one's. For any thread.
 */
public final class CallLedger implements AutoCloseable {
    /** Raised when the tables change; a file of a later version is refused. */
    private static final int VERSION = 1;

    private final String name;
    private final Connection connection;

    private CallLedger(String name, Connection connection) {
        this.name = name;
        this.connection = connection;
    }

    /**
     * Opens a ledger, made with its directories if missing.
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
        return connect(file.toString(), "jdbc:sqlite:" + file.toAbsolutePath());
    }

    /** A ledger that lives as long as this object. */
    public static CallLedger inMemory() {
        return connect("ledger in memory", "jdbc:sqlite::memory:");
    }

    private static CallLedger connect(String name, String url) {
        try {
            Connection connection = DriverManager.getConnection(url);
            CallLedger ledger = new CallLedger(name, connection);
            try {
                ledger.prepare();
                return ledger;
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new DataException(name + ": cannot be opened as a ledger: " + e.getMessage(), e);
        }
    }

    private void prepare() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 10000");
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = FULL"); // money was paid: not even a power cut may lose it
            int version;
            try (ResultSet row = statement.executeQuery("PRAGMA user_version")) {
                version = row.getInt(1);
            }
            if (version > VERSION) {
                throw new DataException(
                        name + ": a ledger of version " + version + ", this program reads up to " + VERSION);
            }
            statement.execute("CREATE TABLE IF NOT EXISTS calls (hash TEXT PRIMARY KEY, request TEXT NOT NULL,"
                    + " reply TEXT NOT NULL, finish_reason TEXT NOT NULL, prompt_tokens INTEGER NOT NULL,"
                    + " completion_tokens INTEGER NOT NULL, cost REAL NOT NULL)");
            statement.execute("PRAGMA user_version = " + VERSION);
        }
    }

    /** A call that was answered before, or null. */
    public synchronized @Nullable PaidCall find(String hash) {
        String query = "SELECT request, reply, finish_reason, prompt_tokens, completion_tokens, cost FROM calls"
                + " WHERE hash = ?";
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, hash);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? new PaidCall(
                                hash,
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getLong(4),
                                row.getLong(5),
                                row.getDouble(6))
                        : null;
            }
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    /**
     * Keeps a call; the first reply to a request stays.
     *
     * @throws OutputException if it cannot be written
     */
    public synchronized void add(PaidCall call) {
        String insert = "INSERT OR IGNORE INTO calls VALUES (?, ?, ?, ?, ?, ?, ?)";
        try (PreparedStatement statement = connection.prepareStatement(insert)) {
            statement.setString(1, call.hash());
            statement.setString(2, call.request());
            statement.setString(3, call.reply());
            statement.setString(4, call.finishReason());
            statement.setLong(5, call.promptTokens());
            statement.setLong(6, call.completionTokens());
            statement.setDouble(7, call.cost());
            statement.executeUpdate();
        } catch (SQLException e) {
            throw unwritable(e);
        }
    }

    /** What all calls in it came to. */
    public synchronized Totals totals() {
        String query = "SELECT COUNT(*), TOTAL(prompt_tokens), TOTAL(completion_tokens), TOTAL(cost) FROM calls";
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return new Totals(row.getLong(1), row.getLong(2), row.getLong(3), row.getDouble(4));
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    @Override
    public synchronized void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw unwritable(e);
        }
    }

    private DataException unreadable(SQLException cause) {
        return new DataException(name + ": cannot be read: " + cause.getMessage(), cause);
    }

    private OutputException unwritable(SQLException cause) {
        return new OutputException(Path.of(name), "cannot be written: " + cause.getMessage(), cause);
    }
}
