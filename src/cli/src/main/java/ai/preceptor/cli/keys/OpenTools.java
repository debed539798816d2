package ai.preceptor.cli.keys;

import ai.preceptor.Student;
import ai.preceptor.cli.plugin.OpenPart;
import ai.preceptor.cli.plugin.OwnCode;
import ai.preceptor.cli.plugin.Part;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.tool.Tool;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.text.TemplateEncoder;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.lm.tool.ToolSettings;
import ai.preceptor.lm.tool.ToolUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Instances of a user's own tools, or none. */
public final class OpenTools implements AutoCloseable {
    private final List<OpenPart> parts = new ArrayList<>();
    private final List<Tool> tools = new ArrayList<>();
    private final ToolSettings settings;

    private OpenTools(ToolSettings settings) {
        this.settings = settings;
    }

    /**
     * Makes them.
     *
     * @throws ConfigurationException if one cannot be made, or cannot say what it is
     */
    public static OpenTools of(ToolKeys keys, ToolSettings settings) {
        OpenTools open = new OpenTools(settings);
        try {
            for (Part part : keys.parts()) {
                OpenPart own = part.open();
                open.parts.add(own);
                open.tools.add(OwnTool.of(part.written(), own.require(Tool.class)));
            }
            return open;
        } catch (RuntimeException e) {
            open.close();
            throw e;
        }
    }

    /**
     * A student with these tools; the student itself if there are none.
     *
     * @param files its tokenizer and chat template, which are checked before the weights load
     * @param loading loads it
     * @throws ConfigurationException if it cannot use them; it is closed then
     */
    public Student given(ModelFiles files, Supplier<Student> loading) {
        if (tools.isEmpty()) {
            return loading.get();
        }
        ToolUse use = new ToolUse(tools, settings);
        requireFits(use, files);
        Student student = loading.get();
        try {
            return student.with(use);
        } catch (RuntimeException e) {
            student.close();
            throw e;
        }
    }

    private static void requireFits(ToolUse use, ModelFiles files) {
        try (Tokenizer tokenizer = Tokenizer.load(files)) {
            TemplateEncoder plain = TemplateEncoder.load(files, tokenizer, Boundary.REFUSE);
            use.encoder(plain);
            use.loop(plain, 1);
        }
    }

    @Override
    public void close() {
        parts.forEach(OpenPart::close);
        parts.clear();
    }

    /** A tool that was asked once what it is. */
    private record OwnTool(String name, String description, Map<String, Object> parameters, Tool own) implements Tool {
        static OwnTool of(String written, Tool own) {
            return new OwnTool(
                    said(written, "name", own::name),
                    said(written, "description", own::description),
                    said(written, "parameters", own::parameters),
                    own);
        }

        private static <T> T said(String written, String what, Supplier<T> asked) {
            try {
                T said = asked.get();
                if (said == null) {
                    throw new ConfigurationException(
                            "tools: " + written + ": " + what + "(): expected a value, found null");
                }
                return said;
            } catch (ConfigurationException e) {
                throw e;
            } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
                throw new ConfigurationException(
                        "tools: " + written + ": " + what + "() failed: " + OwnCode.told(e), e);
            }
        }

        @Override
        public String call(Map<String, @Nullable Object> arguments) throws Exception {
            return own.call(arguments);
        }
    }
}
