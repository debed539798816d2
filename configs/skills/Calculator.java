import ai.preceptor.data.tool.Tool;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;

/** Arithmetic: numbers, + - * /, parentheses. An example of a tool; docs/tools.md says how it is used. */
public class Calculator implements Tool {
    private static final int MOST_CHARACTERS = 200;

    @Override
    public String name() {
        return "calculator";
    }

    @Override
    public String description() {
        return "Evaluates an arithmetic expression.";
    }

    @Override
    public Map<String, Object> parameters() {
        return Map.of(
                "type",
                "object",
                "properties",
                Map.of("expression", Map.of("type", "string", "description", "for example (2 + 3) * 4")),
                "required",
                List.of("expression"));
    }

    @Override
    public String call(Map<String, Object> arguments) {
        if (!(arguments.get("expression") instanceof String text) || text.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException("expected an expression of up to " + MOST_CHARACTERS + " characters");
        }
        Reader reader = new Reader(text.replace(" ", ""));
        BigDecimal value = reader.sum();
        if (reader.at < reader.text.length()) {
            throw new IllegalArgumentException("unexpected \"" + reader.text.charAt(reader.at) + "\"");
        }
        return value.stripTrailingZeros().toPlainString();
    }

    /** Reads an expression from the left. */
    private static final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        BigDecimal sum() {
            BigDecimal value = product();
            while (true) {
                if (next('+')) {
                    value = value.add(product());
                } else if (next('-')) {
                    value = value.subtract(product());
                } else {
                    return value;
                }
            }
        }

        private BigDecimal product() {
            BigDecimal value = factor();
            while (true) {
                if (next('*')) {
                    value = value.multiply(factor(), MathContext.DECIMAL64);
                } else if (next('/')) {
                    value = value.divide(factor(), MathContext.DECIMAL64);
                } else {
                    return value;
                }
            }
        }

        private BigDecimal factor() {
            if (next('-')) {
                return factor().negate();
            }
            if (next('(')) {
                BigDecimal value = sum();
                if (!next(')')) {
                    throw new IllegalArgumentException("expected )");
                }
                return value;
            }
            int from = at;
            while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
                at++;
            }
            return new BigDecimal(text.substring(from, at));
        }

        private boolean next(char sought) {
            boolean found = at < text.length() && text.charAt(at) == sought;
            at += found ? 1 : 0;
            return found;
        }
    }
}
