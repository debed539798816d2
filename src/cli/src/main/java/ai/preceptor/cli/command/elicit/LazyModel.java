package ai.preceptor.cli.command.elicit;

import ai.preceptor.Student;
import ai.preceptor.cli.keys.inference.ElicitConfig;
import ai.preceptor.data.Completion;
import ai.preceptor.data.Prompt;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.generate.SamplingOptions;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model that samples answers by the command's keys, {@code rollout_dtype} among them. It is loaded when it is first asked: not for what a ledger has. */
final class LazyModel implements OpenSampler {
    private final ElicitRun elicit;
    private final Path directory;
    private final LoadOptions loading;
    private @Nullable Student loaded;

    LazyModel(ElicitRun elicit, Path directory, LoadOptions loading) {
        this.elicit = elicit;
        this.directory = directory;
        this.loading = loading.withDecode(elicit.decode());
    }

    @Override
    public List<List<Completion>> sample(List<Prompt> prompts, long stream) {
        Student asked = loaded;
        if (asked == null) {
            asked = elicit.preceptor().student(directory, loading);
            loaded = asked;
        }
        ElicitConfig keys = elicit.keys();
        return asked.generate(
                prompts, keys.answers(), new SamplingOptions(keys.sampling(), keys.seed()).stream(stream));
    }

    @Override
    public void close() {
        if (loaded != null) {
            loaded.close();
        }
    }
}
