package ai.preceptor.formats.config;

import ai.preceptor.data.ConfigurationException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which linear modules get an adapter, chosen as PEFT chooses. A module is called as in the checkpoint, without
 * {@code .weight}: {@code model.layers.0.self_attn.q_proj}. Heads and embeddings are never among them.
 */
public sealed interface TargetModules {
    /** What PEFT's configurations call all linear modules but the head. */
    String ALL_LINEAR = "all-linear";

    /** Queries and values, under the names that the families have for them. */
    TargetModules STANDARD = new Named(List.of("q_proj", "v_proj", "c_attn", "query_key_value", "qkv_proj"));

    /** Whether the module of this name is chosen. */
    boolean chooses(String module);

    /** As {@code adapter_config.json} has it. */
    JsonNode json();

    /** The error for a model whose linear modules are {@code modules}, of which {@code chosen} chooses none. */
    static ConfigurationException none(TargetModules chosen, List<String> modules) {
        return new ConfigurationException("lora_target_modules: received " + chosen.json()
                + ", which is none of the model's linear modules; they are called " + lastNames(modules));
    }

    /** What modules are called after the last dot, each once. */
    static SortedSet<String> lastNames(List<String> modules) {
        SortedSet<String> names = new TreeSet<>();
        modules.forEach(module -> names.add(module.substring(module.lastIndexOf('.') + 1)));
        return names;
    }

    /**
     * Reads a list of names. A list of one is {@code all-linear}, or a regular expression if it has any of the signs that
     * make one, as TRL and PEFT read it.
     *
     * @throws ConfigurationException when the list is empty or the expression is none
     */
    static TargetModules of(List<String> given) {
        if (given.isEmpty() || given.stream().anyMatch(String::isBlank)) {
            throw new ConfigurationException("lora_target_modules: received " + given
                    + ", expected names of modules, one regular expression, or all-linear");
        }
        String only = given.size() == 1 ? given.get(0) : "";
        if (only.equalsIgnoreCase(ALL_LINEAR)) {
            return new AllLinear();
        }
        return only.matches(".*[\\\\^$*+?()\\[\\]{}|].*") ? matching(only) : new Named(given);
    }

    /** @throws ConfigurationException when the expression is none */
    static TargetModules matching(String regex) {
        String problem = ModulePattern.problem(regex, ModulePattern::whole);
        if (problem != null) {
            throw new ConfigurationException("lora_target_modules: expected " + problem);
        }
        return new Matching(regex);
    }

    /** Modules called so, or whose name ends so after a dot. */
    record Named(List<String> names) implements TargetModules {
        /** Copies the list. */
        public Named {
            names = List.copyOf(names);
        }

        @Override
        public boolean chooses(String module) {
            return names.stream().anyMatch(name -> module.equals(name) || module.endsWith("." + name));
        }

        /** Whether any of the modules is chosen. */
        public boolean choosesAny(List<String> modules) {
            return modules.stream().anyMatch(this::chooses);
        }

        @Override
        public JsonNode json() {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            names.forEach(list::add);
            return list;
        }
    }

    /** Modules whose whole name the expression matches, in a limited number of steps. */
    record Matching(String regex) implements TargetModules {
        @Override
        public boolean chooses(String module) {
            return ModulePattern.whole(regex).matches(module);
        }

        @Override
        public JsonNode json() {
            return TextNode.valueOf(regex);
        }
    }

    /** All of them. */
    record AllLinear() implements TargetModules {
        @Override
        public boolean chooses(String module) {
            return true;
        }

        @Override
        public JsonNode json() {
            return TextNode.valueOf(ALL_LINEAR);
        }
    }
}
