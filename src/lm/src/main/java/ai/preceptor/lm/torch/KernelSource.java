package ai.preceptor.lm.torch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The kernels' TorchScript as one class, read from the resources beside this one. TorchScript's archives know an element type
 * by its number only; the resources write its name, {@code FLOAT32}.
 *
 * @param code of the class
 * @param parameters what each kernel takes, by its name: {@code first: bool}
 */
record KernelSource(String code, Map<String, List<String>> parameters) {
    private static final List<String> AREAS =
            List.of("memory", "norms", "attention", "layer", "head", "divergence", "optimizer", "blocks", "decode");

    /** PyTorch's {@code ScalarType}. */
    private static final Map<String, String> ELEMENT_TYPES =
            Map.of("UINT8", "0", "INT64", "4", "FLOAT32", "6", "FLOAT64", "7", "BOOL", "11", "BFLOAT16", "15");

    private static final Pattern ELEMENT_TYPE =
            Pattern.compile("\\b(" + String.join("|", ELEMENT_TYPES.keySet()) + ")\\b");
    private static final Pattern DEFINITION = Pattern.compile("(?m)^  def (\\w+)\\(self(?:, ([^)]*))?\\)");

    /** @param packing the resource that says how matrices are laid out for generation */
    static List<String> areas(String packing) {
        return Stream.concat(AREAS.stream(), Stream.of(packing)).toList();
    }

    /** @param areas the resources, in order */
    static KernelSource read(List<String> areas) {
        StringBuilder text = new StringBuilder("class Kernels(Module):\n  __parameters__ = []\n  __buffers__ = []\n");
        for (String area : areas) {
            append(area, text);
        }
        Map<String, List<String>> parameters = new HashMap<>();
        Matcher definitions = DEFINITION.matcher(text);
        while (definitions.find()) {
            String list = definitions.group(2);
            parameters.put(definitions.group(1), list == null ? List.of() : List.of(list.split(", ")));
        }
        String code = ELEMENT_TYPE.matcher(text).replaceAll(type -> ELEMENT_TYPES.get(type.group()));
        return new KernelSource(
                code.replaceAll("(?m)^(  def \\w+\\(self)", "$1: __torch__.Kernels"), Map.copyOf(parameters));
    }

    private static void append(String area, StringBuilder code) {
        try (InputStream in = KernelSource.class.getResourceAsStream(area + ".kernels")) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + area + ".kernels");
            }
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.stripLeading().startsWith("#"))
                    .forEach(line -> code.append("  ").append(line).append('\n'));
        } catch (IOException e) {
            throw new UncheckedIOException(area + ".kernels cannot be read", e);
        }
    }
}
