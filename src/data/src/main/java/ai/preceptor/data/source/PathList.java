package ai.preceptor.data.source;

import java.util.ArrayList;
import java.util.List;

/**
 * Several paths written as one, {@code {a.jsonl,more/*.jsonl}}: braces around all of it, commas between, and a backslash
 * before each character of a path that would mean something here.
 */
public final class PathList {
    private PathList() {}

    /** Writes paths as one; a single one stays as it is. */
    public static String of(List<String> paths) {
        if (paths.size() == 1) {
            return paths.get(0);
        }
        List<String> escaped = paths.stream()
                .map(path -> path.replaceAll("[\\\\,{}]", "\\\\$0"))
                .toList();
        return "{" + String.join(",", escaped) + "}";
    }

    /** The paths that a text stands for: itself if it is no list. */
    public static List<String> parts(String text) {
        if (!text.startsWith("{") || !text.endsWith("}")) {
            return List.of(text);
        }
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        int depth = 0;
        for (int i = 1; i < text.length() - 1; i++) {
            char c = text.charAt(i);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (depth < 0) {
                return List.of(text); // {a,b}/{c,d}
            }
            if (c == '\\' && i + 1 < text.length() - 1) {
                part.append(text.charAt(++i));
            } else if (c == ',' && depth == 0) {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        parts.add(part.toString());
        return parts.stream().anyMatch(String::isBlank) ? List.of(text) : parts;
    }
}
