package ai.preceptor.cli.command.evaluation;

import ai.preceptor.Student;
import ai.preceptor.cli.console.ProgressLine;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.inference.EvalConfig;
import ai.preceptor.data.Completion;
import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.data.Prompt;
import ai.preceptor.eval.AnswerSet;
import ai.preceptor.lm.NotFiniteException;
import ai.preceptor.lm.generate.SamplingOptions;
import java.util.ArrayList;
import java.util.List;

/** Has students answer the prompts of an evaluation, all of them with the same seeds. */
final class Answering {
    /** Prompts between two signs of progress. Fixed, because what is drawn depends on it. */
    private static final int CHUNK = 64;

    private final EvalConfig keys;
    private final List<Prompt> prompts;
    private final Terminal terminal;

    Answering(EvalConfig keys, List<Prompt> prompts, Terminal terminal) {
        this.keys = keys;
        this.prompts = prompts;
        this.terminal = terminal;
    }

    /** @throws InterruptedRunException when a stop was asked for */
    AnswerSet answers(String method, Student student) {
        ProgressLine progress = new ProgressLine(terminal, method, System::nanoTime);
        List<List<Completion>> answers = new ArrayList<>();
        for (int from = 0; from < prompts.size(); from += CHUNK) {
            if (terminal.interrupt().isRequested()) {
                progress.close();
                throw new InterruptedRunException("interrupted while " + method
                        + " answered; methods measured before are kept; go on with resume=true");
            }
            List<Prompt> some = prompts.subList(from, Math.min(prompts.size(), from + CHUNK));
            // the generator numbers the prompts of one call, so every chunk needs a seed of its own
            SamplingOptions sampling = new SamplingOptions(keys.sampling(), keys.seed()).stream(from / CHUNK);
            answers.addAll(answers(student, some, from, sampling));
            progress.update(answers.size(), prompts.size(), "prompts answered");
        }
        progress.close();
        return new AnswerSet(prompts, answers);
    }

    private List<List<Completion>> answers(Student student, List<Prompt> some, int from, SamplingOptions sampling) {
        try {
            return student.generate(some, keys.numGenerations(), sampling);
        } catch (NotFiniteException e) {
            int prompt = from + e.index();
            throw e.at(student.directory() + ": answer to prompt " + prompt + " (0-based): log-probability", prompt);
        }
    }
}
