package ai.preceptor.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A rule for processes that are to be killed in the middle: the score is the answer's length. */
public final class WaitingRule {
    /** The option of a process in which the rule waits. */
    public static final String WAITS = "-Dwaits=true";

    private WaitingRule() {}

    /**
     * Writes it.
     *
     * @param answers that it scores before it waits, if {@link #WAITS} is set
     * @return its file, for {@code rule}
     */
    public static Path write(Path directory, int answers) throws IOException {
        return Files.writeString(directory.resolve("Waiting.java"), """
                import ai.preceptor.data.Answer;

                public class Waiting implements java.util.function.ToDoubleFunction<Answer> {
                    private int answers;

                    @Override
                    public double applyAsDouble(Answer answer) {
                        answers++;
                        if (answers > %d && Boolean.getBoolean("waits")) {
                            try {
                                Thread.sleep(120_000);
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        }
                        return answer.text().asString().length();
                    }
                }
                """.formatted(answers));
    }
}
