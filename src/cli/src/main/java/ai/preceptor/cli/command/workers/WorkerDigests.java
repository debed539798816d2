package ai.preceptor.cli.command.workers;

import ai.preceptor.WorkerStudent;
import ai.preceptor.cli.keys.RuleKeys;
import ai.preceptor.cli.keys.ToolKeys;
import ai.preceptor.cli.plugin.OwnPart;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Names of all that a worker must have: models, and a user's own parts, each with its digest. */
public final class WorkerDigests {
    private final Map<String, String> digests = new TreeMap<>();

    private WorkerDigests() {}

    /** Of a model, with the adapter on it if one is given. */
    public static WorkerDigests of(Path model, @Nullable Path adapter) {
        WorkerDigests all = new WorkerDigests();
        all.digests.put("model", WorkerStudent.digest(model, adapter));
        return all;
    }

    /** And of tools. */
    public WorkerDigests with(ToolKeys tools) {
        digests.putAll(tools.digests());
        return this;
    }

    /** And of reward models; null for none. */
    public WorkerDigests withRewards(@Nullable List<Path> models) {
        for (int i = 0; models != null && i < models.size(); i++) {
            digests.put("reward_model" + (i == 0 ? "" : "-" + (i + 1)), WorkerStudent.digest(models.get(i), null));
        }
        return this;
    }

    /** And of a teacher; null for none. */
    public WorkerDigests withTeacher(@Nullable Path teacher) {
        if (teacher != null) {
            digests.put("teacher", WorkerStudent.digest(teacher, null));
        }
        return this;
    }

    /** And of a rule, if it is a user's own. */
    public WorkerDigests with(RuleKeys rule) {
        if (rule.rule() instanceof OwnPart own) {
            digests.put("rule", own.digest());
        }
        return this;
    }

    /** All of them. */
    public Map<String, String> toMap() {
        return Collections.unmodifiableMap(digests);
    }
}
