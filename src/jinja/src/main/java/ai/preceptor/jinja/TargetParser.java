package ai.preceptor.jinja;

import ai.preceptor.jinja.tree.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads what is assigned to. */
final class TargetParser {
    private static final Set<String> CONSTANTS = Set.of("true", "True", "false", "False", "none", "None");

    private final TokenStream tokens;
    private final ParserState state;

    TargetParser(TokenStream tokens, ParserState state) {
        this.tokens = tokens;
        this.state = state;
    }

    /**
     * A name, an attribute of a namespace, or several with commas between.
     *
     * @param end the name of the word after it, or empty
     * @param attributes whether attributes of namespaces may be assigned here
     */
    Target read(String end, boolean attributes) {
        boolean tuple = false;
        List<Target> parts = new ArrayList<>();
        while (true) {
            parts.add(single(attributes));
            if (!tokens.skipOperator(",")) {
                break;
            }
            tuple = true;
            if (tokens.atName(end) || tokens.at(Token.Kind.BLOCK_END) || tokens.atOperator(")")) {
                break;
            }
        }
        return tuple ? new Target.Several(List.copyOf(parts)) : parts.get(0);
    }

    private Target single(boolean attributes) {
        int line = tokens.line();
        if (tokens.skipOperator("(")) {
            state.enter(line);
            Target inner = read("", false);
            tokens.expectOperator(")");
            state.leave();
            return inner;
        }
        String name = tokens.name();
        if (CONSTANTS.contains(name)) {
            throw new TemplateException("cannot assign to '" + name + "'", line);
        }
        if (attributes && tokens.skipOperator(".")) {
            return new Target.NamespaceAttribute(name, tokens.name());
        }
        state.bound(name);
        return new Target.Name(name);
    }
}
