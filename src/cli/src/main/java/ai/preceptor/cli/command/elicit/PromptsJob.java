package ai.preceptor.cli.command.elicit;

import ai.preceptor.cli.command.StageRun;
import ai.preceptor.cli.console.PromptsShown;
import ai.preceptor.cli.keys.inference.ElicitConfig;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.data.rows.JsonlWriter;
import ai.preceptor.teacher.prompts.LeftOutPrompt;
import ai.preceptor.teacher.prompts.MadePrompt;
import ai.preceptor.teacher.prompts.PromptGeneration;
import ai.preceptor.teacher.prompts.PromptMethodName;
import ai.preceptor.teacher.prompts.PromptPool;
import ai.preceptor.teacher.prompts.PromptSettings;
import ai.preceptor.teacher.prompts.PromptsMade;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code kind=prompts}: the teacher writes prompts. What can be refused is refused when it is made, before a model loads. */
final class PromptsJob implements ElicitJob {
    private final ElicitConfig keys;
    private final PromptSettings.Prepared prepared;
    private final List<Prompt> seeds;
    private final int wanted;

    PromptsJob(ElicitConfig keys, StageRun run) {
        this.keys = keys;
        PromptSettings settings = keys.prompts();
        this.prepared = settings.prepared();
        this.seeds = settings.method().needsSeeds() ? new ElicitRows(keys, run).seeds() : List.of();
        this.wanted = settings.wanted(seeds.size());
        if (settings.method() == PromptMethodName.SELF_INSTRUCT && seeds.size() < settings.numExamples()) {
            throw new ConfigurationException("num_examples: expected an integer in [1, " + seeds.size()
                    + "], the number of prompts in " + keys.data().data() + ", found " + settings.numExamples());
        }
    }

    @Override
    public int together() {
        return PromptGeneration.TOGETHER;
    }

    @Override
    public Outcome run(ElicitRun elicit) {
        PromptSettings settings = keys.prompts();
        List<String> texts = seeds.stream().map(seed -> seed.text().asString()).toList();
        PromptPool pool = new PromptPool(settings.rules().of(settings.method()), texts, wanted);
        PromptsMade made;
        try (PromptsShown progress = new PromptsShown(
                elicit.terminal(),
                elicit.terminal().label(ElicitCommand.NAME),
                "",
                done -> "interrupted after " + done + " of " + pool.wanted()
                        + " prompts; what the teacher wrote is in the ledger of calls, continue with resume=true")) {
            made = new PromptGeneration(
                            prepared.with(elicit.requireAsked().chat(), keys.sampling(), keys.seed()),
                            settings.maxQuestionsWithoutPrompt())
                    .run(pool, progress);
        }
        write(elicit, made);
        if (made.kept().isEmpty()) {
            throw new DataException("no prompt was made: " + made.summary() + mostly(made));
        }
        return new Outcome(made.summary(), made.toRow());
    }

    private void write(ElicitRun elicit, PromptsMade made) {
        Path file = elicit.path(ElicitCommand.PROMPTS);
        Path dropped = elicit.path(ElicitCommand.DROPPED);
        JsonlWriter.replace(file, made.kept().stream().map(this::row).toList());
        JsonlWriter.replace(
                dropped, made.leftOut().stream().map(LeftOutPrompt::toRow).toList());
        elicit.terminal().out().println(made.summary());
        elicit.terminal().out().println("prompts " + file);
        elicit.terminal().out().println("dropped " + dropped);
    }

    /** In the form of the seeds; a conversation of one message where there are none. */
    private Map<String, @Nullable Object> row(MadePrompt made) {
        boolean plain = !seeds.isEmpty() && seeds.get(0).text() instanceof Text.Plain;
        Text text = plain ? Text.plain(made.text()) : Prompt.user(made.text()).text();
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("prompt", text.toJson());
        row.put("method", keys.prompts().method().name().toLowerCase(Locale.ROOT));
        row.putAll(made.origin());
        return row;
    }

    private static String mostly(PromptsMade made) {
        return made.leftOut().isEmpty()
                ? ""
                : "; the last because: "
                        + made.leftOut().get(made.leftOut().size() - 1).detail();
    }
}
