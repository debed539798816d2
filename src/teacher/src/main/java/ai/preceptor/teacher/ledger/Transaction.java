package ai.preceptor.teacher.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A database transaction that excludes other writing processes. */
final class Transaction {
    private Transaction() {}

    /** What it does. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws SQLException;
    }

    /** Takes the right to write first: what is read in it stays true to its end. */
    static <T> T run(Connection connection, Work<T> work) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            try {
                T result = work.run();
                statement.execute("COMMIT");
                return result;
            } catch (SQLException | RuntimeException | Error e) {
                try {
                    statement.execute("ROLLBACK");
                } catch (SQLException second) {
                    e.addSuppressed(second); // a full disk has rolled back by itself
                }
                throw e;
            }
        }
    }
}
