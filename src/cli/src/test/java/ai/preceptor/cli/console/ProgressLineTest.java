package ai.preceptor.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private long now;

    @Test
    void update_onATerminal_rewritesOneLineThatFits() {
        ProgressLine line = line(true, 60);
        for (int done = 0; done <= 40; done++) {
            now += 500_000_000L;
            line.update(done, 40, "loss 0.6931 grad_norm 3.14 rewards/accuracies 0.75");
        }
        line.close();
        List<String> frames = List.of(text().split("\r"));
        assertThat(frames).hasSize(42).allMatch(frame -> frame.stripTrailing().length() < 60);
        assertThat(frames.get(41)).startsWith("reward").contains("100% 40/40 0:21");
        assertThat(text()).doesNotContain("\u001b").endsWith("\n");
    }

    @Test
    void update_onAWideTerminal_drawsTheBar() {
        ProgressLine line = line(true, 100);
        now = 10_000_000_000L;
        line.update(1, 4, "loss 0.5");
        assertThat(text()).isEqualTo("\rreward     [######------------------]  25% 1/4 0:10<0:30  loss 0.5");
    }

    @Test
    void update_shorterLine_coversTheOneBefore() {
        ProgressLine line = line(true, 80);
        line.update(1, 4, "a long detail");
        now = 1_000_000_000L;
        line.update(2, 4, "");
        String[] frames = text().split("\r");
        assertThat(frames[2]).hasSameSizeAs(frames[1]);
    }

    @Test
    void update_oftenOnATerminal_printsTenTimesASecondAtMost() {
        ProgressLine line = line(true, 80);
        for (int done = 0; done < 1000; done++) {
            now += 1_000_000L;
            line.update(done, 1000, "");
        }
        assertThat(text().split("\r")).hasSizeBetween(10, 12);
    }

    @Test
    void update_inAPipe_printsPlainLinesNowAndThenAndTheEnd() {
        ProgressLine line = line(false, 80);
        for (int done = 1; done <= 100; done++) {
            now += 1_000_000_000L;
            line.update(done, 100, "loss 0.5");
        }
        line.close();
        assertThat(text()).doesNotContain("\r", "\u001b");
        assertThat(text().lines().toList())
                .hasSize(6)
                .startsWith("reward:   1% 1/100 0:01<1:39  loss 0.5", "reward:  21% 21/100 0:21<1:19  loss 0.5")
                .endsWith("reward: 100% 100/100 1:40  loss 0.5");
    }

    @Test
    void say_amidABar_standsOnALineOfItsOwn() {
        ProgressLine line = line(true, 80);
        line.update(1, 2, "");
        line.say("saved");
        String last = text().substring(text().lastIndexOf('\r') + 1);
        assertThat(last).isEqualTo("saved\n");
    }

    @Test
    void println_amidABar_clearsItFirst() {
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        Terminal terminal = new Terminal(stream, stream, true, 80);
        ProgressLine line = new ProgressLine(terminal, "reward", () -> now);
        line.update(1, 3, "loss 0.5");
        int bar = text().length() - 1;
        terminal.err().println("a warning");
        assertThat(text()).endsWith("\r" + " ".repeat(bar) + "\ra warning\n");
        now = 1_000_000_000L;
        line.update(2, 3, "");
        assertThat(text().substring(text().lastIndexOf('\n'))).startsWith("\n\rreward");
        line.close();
        assertThat(text()).endsWith("\n");
    }

    @Test
    void update_tooNarrow_endsAfterAWholeNumber() {
        ProgressLine line = line(true, 40);
        line.update(1, 2, "reward 1.234 objective/kl 0.056");
        assertThat(text()).isEqualTo("\rreward  50% 1/2 0:00<0:00  reward 1.234");
        now = 1_000_000_000L;
        line.update(2, 2, "reward 1.234 kl 0.5678901234567");
        assertThat(text()).contains("\rreward 100% 2/2 0:01  reward 1.234  ").doesNotContain("kl 0.5");
    }

    @Test
    void resume_stepsDoneBefore_takeNoTime() {
        ProgressLine line = line(false, 80);
        line.resume(90);
        now = 10_000_000_000L;
        line.update(95, 100, "");
        assertThat(text()).isEqualTo("reward:  95% 95/100 0:10<0:10\n");
    }

    @Test
    void update_nothingToDo_isDone() {
        line(false, 80).update(0, 0, "");
        assertThat(text()).isEqualTo("reward: 100% 0/0 0:00\n");
    }

    private ProgressLine line(boolean interactive, int width) {
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new ProgressLine(new Terminal(stream, stream, interactive, width), "reward", () -> now);
    }

    private String text() {
        return err.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
