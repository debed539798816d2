package ai.preceptor.teacher.ledger;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The tables of a ledger, and the way to them from those of earlier versions. */
final class LedgerFile {
    /** Raised when the tables change; a file of a later version is refused. */
    private static final int VERSION = 2;

    private static final int BUSY_TIMEOUT_MILLIS = 10_000;

    /** SQLite's primary result code SQLITE_BUSY. */
    private static final int BUSY = 5;

    private static final long RETRY_NANOS = 1_000_000;

    /** What is summed stands before the long texts, so that a sum does not read these. */
    private static final List<String> TABLES = List.of(
            "CREATE TABLE calls (id INTEGER PRIMARY KEY, hash TEXT NOT NULL, state TEXT NOT NULL,"
                    + " reserved INTEGER NOT NULL, cost INTEGER NOT NULL, prompt_tokens INTEGER NOT NULL,"
                    + " completion_tokens INTEGER NOT NULL, owner TEXT NOT NULL, begun TEXT NOT NULL,"
                    + " finish_reason TEXT NOT NULL, problem TEXT, reply TEXT, request TEXT NOT NULL, body TEXT)",
            "CREATE INDEX calls_hash ON calls (hash, state)",
            "CREATE INDEX calls_open ON calls (state, cost)",
            "CREATE TABLE account (total INTEGER NOT NULL)",
            "INSERT INTO account VALUES (0)");

    /** Version 1 had answered calls only, each once, and their costs as floating-point numbers. */
    private static final List<String> FROM_VERSION_1 = List.of(
            "INSERT INTO calls (hash, state, reserved, cost, prompt_tokens, completion_tokens, owner, begun,"
                    + " finish_reason, reply, request) SELECT hash, 'answered', 0, CAST(ROUND(cost * 1e9) AS INTEGER),"
                    + " prompt_tokens, completion_tokens, '', '', finish_reason, reply, request FROM calls_1",
            "UPDATE account SET total = (SELECT COALESCE(SUM(cost), 0) FROM calls)",
            "DROP TABLE calls_1");

    private LedgerFile() {}

    /**
     * Opens it, and makes or renews its tables.
     *
     * @param name for messages
     * @param url of the driver
     * @throws DataException if it is of a later version
     * @throws ConfigurationException if the driver is not on the class path
     */
    static Connection open(String name, String url) throws SQLException {
        requireDriver(name, url);
        Connection connection = DriverManager.getConnection(url);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = " + BUSY_TIMEOUT_MILLIS);
            useWriteAheadLog(statement);
            statement.execute("PRAGMA synchronous = FULL"); // money was paid: not even a power cut may lose it
            if (version(name, statement) < VERSION) {
                renew(name, connection, statement);
            }
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static void requireDriver(String name, String url) throws SQLException {
        for (Driver driver : Collections.list(DriverManager.getDrivers())) {
            if (driver.acceptsURL(url)) {
                return;
            }
        }
        throw new ConfigurationException(
                name + ": the ledger of paid calls is an SQLite file, and its driver is not on the"
                        + " class path. Add org.xerial:sqlite-jdbc, whose version preceptor-bom manages");
    }

    /** SQLite's busy timeout does not hold for this switch where several connections make a file at the same moment. */
    private static void useWriteAheadLog(Statement statement) throws SQLException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BUSY_TIMEOUT_MILLIS);
        while (true) {
            try {
                statement.execute("PRAGMA journal_mode = WAL");
                return;
            } catch (SQLException e) {
                if (e.getErrorCode() != BUSY || System.nanoTime() - end > 0) {
                    throw e;
                }
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    private static int version(String name, Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("PRAGMA user_version")) {
            int version = row.getInt(1);
            if (version > VERSION) {
                throw new DataException(
                        name + ": a ledger of version " + version + ", this program reads up to " + VERSION);
            }
            return version;
        }
    }

    private static boolean hasCalls(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM sqlite_master WHERE name = 'calls'")) {
            return row.getInt(1) > 0;
        }
    }

    private static void renew(String name, Connection connection, Statement statement) throws SQLException {
        Transaction.run(connection, () -> {
            if (version(name, statement) == VERSION) {
                return VERSION; // another process was first
            }
            boolean old = hasCalls(statement); // not by its version, which version 1 wrote after its table
            if (old) {
                statement.execute("ALTER TABLE calls RENAME TO calls_1");
            }
            for (String table : TABLES) {
                statement.execute(table);
            }
            for (String step : old ? FROM_VERSION_1 : List.<String>of()) {
                statement.execute(step);
            }
            statement.execute("PRAGMA user_version = " + VERSION);
            return VERSION;
        });
    }
}
