package ai.preceptor.jinja;

import ai.preceptor.jinja.tree.Blocks;
import ai.preceptor.jinja.tree.Body;
import ai.preceptor.jinja.tree.Calls;
import ai.preceptor.jinja.tree.Evaluator;
import ai.preceptor.jinja.tree.Expr;
import ai.preceptor.jinja.tree.For;
import ai.preceptor.jinja.tree.MacroDefinition;
import ai.preceptor.jinja.tree.ScopedBody;
import ai.preceptor.jinja.tree.Statement;
import ai.preceptor.jinja.tree.Statements;
import ai.preceptor.jinja.tree.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Reads statements: text, output, and blocks with what they enclose. */
final class StatementParser {
    @FunctionalInterface
    private interface Rule {
        Statement parse(StatementParser parser, int line);
    }

    private static final Map<String, Rule> RULES = Map.ofEntries(
            Map.entry("if", StatementParser::parseIf),
            Map.entry("for", StatementParser::parseFor),
            Map.entry("set", StatementParser::parseSet),
            Map.entry("macro", StatementParser::parseMacro),
            Map.entry("call", StatementParser::parseCall),
            Map.entry("filter", StatementParser::parseFilter),
            Map.entry("with", StatementParser::parseWith),
            Map.entry("print", StatementParser::parsePrint),
            Map.entry("generation", StatementParser::parseGeneration),
            Map.entry("break", (p, line) -> p.parseJump(Statement.Flow.BREAK, line)),
            Map.entry("continue", (p, line) -> p.parseJump(Statement.Flow.CONTINUE, line)));

    /** Parts of Jinja that need other templates or HTML. */
    private static final Set<String> UNAVAILABLE =
            Set.of("extends", "block", "include", "import", "from", "autoescape");

    private final TokenStream tokens;
    private final ParserState state = new ParserState();
    private final ExpressionParser expressions;

    private StatementParser(List<Token> source) {
        this.tokens = new TokenStream(source);
        this.expressions = new ExpressionParser(tokens, state);
    }

    /** @throws TemplateException if the tokens do not make a template */
    static List<Statement> parse(List<Token> source) {
        StatementParser parser = new StatementParser(source);
        List<Statement> statements = parser.statements(Set.of());
        parser.state.throwDeferred();
        return statements;
    }

    /** Reads up to a tag that is one of the ends, whose name is the next token then; or to the end of the template. */
    private List<Statement> statements(Set<String> ends) {
        List<Statement> found = new ArrayList<>();
        while (true) {
            Token token = tokens.peek();
            switch (token.kind()) {
                case DATA -> found.add(new Statements.Text(tokens.next().text()));
                case VARIABLE_BEGIN -> found.add(output());
                case BLOCK_BEGIN -> {
                    tokens.next();
                    if (tokens.at(Token.Kind.NAME)
                            && ends.contains(tokens.peek().text())) {
                        return found;
                    }
                    found.add(statement());
                    tokens.expect(Token.Kind.BLOCK_END, "'%}'");
                }
                default -> {
                    if (!ends.isEmpty()) {
                        throw tokens.unexpected("'"
                                + String.join("' or '", ends.stream().sorted().toList()) + "'");
                    }
                    return found;
                }
            }
        }
    }

    private Expr expression() {
        return expr(expressions::expression);
    }

    private Expr expr(Supplier<Evaluator> rule) {
        state.beginExpression();
        return new Expr(rule.get(), state.names());
    }

    private Statement output() {
        int line = tokens.next().line();
        state.tag();
        Expr value = expr(() -> expressions.tupleOrExpression(true));
        tokens.expect(Token.Kind.VARIABLE_END, "'}}'");
        return new Statements.Output(value, line);
    }

    private Statement statement() {
        int line = tokens.line();
        state.tag();
        String tag = tokens.name();
        Rule rule = RULES.get(tag);
        if (rule == null) {
            throw new TemplateException(
                    UNAVAILABLE.contains(tag)
                            ? "tag '" + tag + "' is not available to chat templates"
                            : "there is no tag '" + tag + "' here",
                    line);
        }
        state.enter(line);
        Statement statement = rule.parse(this, line);
        state.leave();
        return statement;
    }

    /** The statements of a block, up to the name of the tag that ends it. */
    private List<Statement> body(String... ends) {
        tokens.skipOperator(":");
        tokens.expect(Token.Kind.BLOCK_END, "'%}'");
        return statements(Set.of(ends));
    }

    /** A body that ends in exactly one way, with a frame that makes unknown filters errors at once again. */
    private ScopedBody scoped(String end) {
        ScopedBody body = state.within(state.loops(), false, () -> new ScopedBody(body(end)));
        tokens.next();
        return body;
    }

    private Statement parseIf(int line) {
        return state.within(state.loops(), true, () -> branches(line));
    }

    private Statement branches(int line) {
        List<Statements.Branch> branches = new ArrayList<>();
        List<Statement> otherwise = List.of();
        int branchLine = line;
        while (true) {
            Expr condition = expr(() -> expressions.tupleOrExpression(false));
            branches.add(new Statements.Branch(condition, new Body(body("elif", "else", "endif")), branchLine));
            branchLine = tokens.line();
            String end = tokens.name();
            if (end.equals("elif")) {
                state.tag();
                continue;
            }
            if (end.equals("else")) {
                otherwise = body("endif");
                tokens.next();
            }
            break;
        }
        return new Statements.If(List.copyOf(branches), new Body(otherwise));
    }

    private Statement parseFor(int line) {
        state.insideFor(1);
        Target target = target("in", false);
        state.stores(target, line);
        tokens.expectName("in");
        Expr source = expr(() -> expressions.tupleOrExpression(false, "recursive"));
        Expr condition = tokens.skipName("if") ? expression() : null;
        boolean recursive = tokens.skipName("recursive");
        ScopedBody body = state.within(state.loops() + 1, false, () -> new ScopedBody(body("endfor", "else")));
        ScopedBody otherwise = tokens.name().equals("else") ? scoped("endfor") : new ScopedBody(List.of());
        state.insideFor(-1);
        return new For(new For.Head(target, source, condition, recursive, line), body, otherwise);
    }

    private Statement parseSet(int line) {
        Target target = target("", true);
        state.stores(target, line);
        if (tokens.skipOperator("=")) {
            return new Statements.Assign(target, expr(() -> expressions.tupleOrExpression(true)), line);
        }
        List<Calls.Step> steps = expressions.primaries().filterSteps();
        return new Blocks.Capture(target, steps, scoped("endset"), line);
    }

    private Statement parseMacro(int line) {
        String name = tokens.name();
        return macro(name, signature(), "endmacro", line);
    }

    private MacroDefinition macro(String name, MacroDefinition.Parameters parameters, String end, int line) {
        state.openMacro();
        ScopedBody body = state.within(0, false, () -> scoped(end));
        Set<String> special = state.closeMacro();
        int caller = parameters.names().indexOf(MacroDefinition.CALLER);
        if (caller >= 0 && special.contains(MacroDefinition.CALLER) && parameters.defaultOf(caller) == null) {
            throw new TemplateException("the parameter 'caller' needs a default", line);
        }
        return new MacroDefinition(name, parameters, special, body);
    }

    private MacroDefinition.Parameters signature() {
        List<String> parameters = new ArrayList<>();
        List<Expr> defaults = new ArrayList<>();
        tokens.expectOperator("(");
        while (!tokens.atOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
            }
            int line = tokens.line();
            String name = tokens.name();
            if (parameters.contains(name)) {
                throw new TemplateException("parameter '" + name + "' is there twice", line);
            }
            parameters.add(name);
            state.bound(name);
            if (tokens.skipOperator("=")) {
                defaults.add(expression());
            } else if (!defaults.isEmpty()) {
                throw new TemplateException("parameter '" + name + "' needs a default, as one before it has", line);
            }
        }
        tokens.next();
        return new MacroDefinition.Parameters(parameters, defaults);
    }

    private Statement parseCall(int line) {
        MacroDefinition.Parameters parameters = tokens.atOperator("(") ? signature() : MacroDefinition.Parameters.NONE;
        Expr expression = expression();
        if (!(expression.evaluator() instanceof Calls.Call call)) {
            throw new TemplateException("'call' needs a call such as name(...)", line);
        }
        return new Blocks.CallBlock(call, expression.names(), macro("", parameters, "endcall", line));
    }

    private Statement parseFilter(int line) {
        state.beginExpression();
        List<Calls.Step> steps = new ArrayList<>(List.of(expressions.primaries().filterStep()));
        steps.addAll(expressions.primaries().filterSteps());
        return new Blocks.FilterBlock(steps, state.names(), scoped("endfilter"), line);
    }

    private Statement parseWith(int line) {
        List<Target> names = new ArrayList<>();
        List<Expr> values = new ArrayList<>();
        while (!tokens.at(Token.Kind.BLOCK_END)) {
            if (!names.isEmpty()) {
                tokens.expectOperator(",");
            }
            names.add(target("", false));
            tokens.expectOperator("=");
            values.add(expression());
        }
        return new Blocks.With(names, values, scoped("endwith"), line);
    }

    private Statement parsePrint(int line) {
        List<Statement> outputs = new ArrayList<>();
        while (!tokens.at(Token.Kind.BLOCK_END)) {
            if (!outputs.isEmpty()) {
                tokens.expectOperator(",");
            }
            outputs.add(new Statements.Output(expression(), line));
        }
        return new Body(outputs);
    }

    private Statement parseGeneration(int line) {
        return new Blocks.Generation(macro("", MacroDefinition.Parameters.NONE, "endgeneration", line));
    }

    private Statement parseJump(Statement.Flow flow, int line) {
        if (state.loops() == 0) {
            throw new TemplateException("'break' and 'continue' belong inside a loop", line);
        }
        return new Statements.Jump(flow);
    }

    /**
     * A name, an attribute of a namespace, or several with commas between.
     *
     * @param end the name of the word after it, or empty
     * @param attributes whether attributes of namespaces may be assigned here
     */
    private Target target(String end, boolean attributes) {
        boolean tuple = false;
        List<Target> parts = new ArrayList<>();
        while (true) {
            parts.add(singleTarget(attributes));
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

    private Target singleTarget(boolean attributes) {
        int line = tokens.line();
        if (tokens.skipOperator("(")) {
            state.enter(line);
            Target inner = target("", false);
            tokens.expectOperator(")");
            state.leave();
            return inner;
        }
        String name = tokens.name();
        if (PrimaryParser.CONSTANTS.containsKey(name)) {
            throw new TemplateException("cannot assign to '" + name + "'", line);
        }
        if (attributes && tokens.skipOperator(".")) {
            return new Target.NamespaceAttribute(name, tokens.name());
        }
        state.bound(name);
        return new Target.Name(name);
    }
}
