package ai.preceptor.cli.keys;

import ai.preceptor.cli.plugin.OwnPart;
import ai.preceptor.cli.plugin.Part;
import ai.preceptor.cli.plugin.PartOf;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.tool.Tool;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A user's own tools. */
public record ToolKeys(
        @Key(help = "your own tools, which the model may call while it answers") @PartOf(Tool.class) @Nullable
        List<Part> tools) {
    /** Whether there are any. */
    public boolean isGiven() {
        return tools != null && !tools.isEmpty();
    }

    /** All of them. */
    List<Part> parts() {
        return tools == null ? List.of() : tools;
    }

    /** All of them as a configuration writes them. */
    public List<String> written() {
        return parts().stream().map(Part::written).toList();
    }

    /** What tells them from other tools, by {@code tool-1} and so on. */
    public Map<String, String> digests() {
        Map<String, String> digests = new TreeMap<>();
        for (Part part : parts()) {
            if (part instanceof OwnPart own) {
                digests.put("tool-" + (digests.size() + 1), own.digest());
            }
        }
        return digests;
    }
}
