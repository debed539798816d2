package ai.preceptor.cli.command.elicit;

import ai.preceptor.cli.keys.inference.ElicitConfig;
import ai.preceptor.data.Completion;
import ai.preceptor.data.Prompt;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.served.ServedStudent;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Servers that sample answers by the command's keys. They are connected when they are first asked: not for what a ledger has. */
final class LazyServers implements OpenSampler {
    private final ElicitRun elicit;
    private final Path directory;
    private @Nullable ServedStudent opened;

    LazyServers(ElicitRun elicit, Path directory) {
        this.elicit = elicit;
        this.directory = directory;
    }

    @Override
    public List<List<Completion>> sample(List<Prompt> prompts, long stream) {
        ElicitConfig keys = elicit.keys();
        ServedStudent asked = opened;
        if (asked == null) {
            asked = ServedStudent.open(
                    directory, keys.servers(), keys.sampling(), elicit.run().meters());
            opened = asked;
        }
        SamplingOptions options = new SamplingOptions(keys.sampling(), keys.seed()).stream(stream);
        return asked.generate(prompts, keys.answers(), options.seed());
    }

    @Override
    public void close() {
        if (opened != null) {
            opened.close();
        }
    }
}
