package ai.preceptor.jinja;

import ai.preceptor.jinja.builtin.Globals;
import ai.preceptor.jinja.value.Budget;
import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.Limits;
import ai.preceptor.jinja.value.None;
import ai.preceptor.jinja.value.Numbers;
import ai.preceptor.jinja.value.PyDict;
import ai.preceptor.jinja.value.PyList;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The variables of a template: messages and others, copied from plain values.
 *
 * <p>As in transformers, a message's reasoning is put under every name templates look for, and objects that are not
 * JSON-like become a text that names their type.
 */
final class TemplateVariables {
    /** Where a message may carry its reasoning; the first is the name most templates read. */
    private static final List<String> REASONING = List.of("reasoning_content", "thinking", "reasoning");

    private final Limits limits;
    private final Budget budget;

    private TemplateVariables(Limits limits) {
        this.limits = limits;
        this.budget = new Budget(limits);
    }

    /** @throws EvaluationError if values nest too deep */
    static Map<String, Object> of(
            List<? extends Map<String, ? extends @Nullable Object>> messages, RenderOptions options, Limits limits) {
        TemplateVariables converter = new TemplateVariables(limits);
        Map<String, Object> variables = new HashMap<>(Globals.ALL);
        variables.put("tools", None.NONE);
        variables.put("documents", None.NONE);
        options.variables().forEach((name, value) -> variables.put(name, converter.convert(value, 0)));
        List<Object> converted = new ArrayList<>();
        for (Map<String, ? extends @Nullable Object> message : messages) {
            converted.add(converter.convert(withReasoning(message), 1));
        }
        variables.put("messages", new PyList(converted));
        variables.put("add_generation_prompt", options.addGenerationPrompt());
        return variables;
    }

    private static Map<String, ? extends @Nullable Object> withReasoning(
            Map<String, ? extends @Nullable Object> message) {
        for (String name : REASONING) {
            Object reasoning = message.get(name);
            if (reasoning != null) {
                Map<String, @Nullable Object> extended = new LinkedHashMap<>();
                extended.put("thinking", reasoning);
                extended.putAll(message);
                extended.put("reasoning_content", reasoning);
                return extended;
            }
        }
        return message;
    }

    private Object convert(@Nullable Object value, int depth) {
        if (depth > limits.valueDepth()) {
            throw new EvaluationError("messages or variables nest deeper than " + limits.valueDepth() + " levels");
        }
        if (value == null) {
            return None.NONE;
        }
        if (value instanceof Map<?, ?> map) {
            PyDict dict = new PyDict();
            map.forEach((k, v) -> dict.put(convert(k, depth + 1), convert(v, depth + 1), budget));
            return dict;
        }
        if (value instanceof Iterable<?> items) {
            List<Object> list = new ArrayList<>();
            items.forEach(item -> list.add(convert(item, depth + 1)));
            return new PyList(list);
        }
        return scalar(value, depth);
    }

    private Object scalar(Object value, int depth) {
        if (value instanceof CharSequence || value instanceof Character) {
            return value.toString();
        }
        if (value instanceof Boolean) {
            return value;
        }
        if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        if (value instanceof BigInteger big) {
            return Numbers.whole(big);
        }
        if (value instanceof Double || value instanceof Float || value instanceof BigDecimal) {
            return ((Number) value).doubleValue();
        }
        if (value.getClass().isArray()) {
            List<Object> list = new ArrayList<>();
            for (int i = 0; i < Array.getLength(value); i++) {
                list.add(convert(Array.get(value, i), depth + 1));
            }
            return new PyList(list);
        }
        return "<" + value.getClass().getSimpleName() + ">";
    }
}
