package ai.preceptor.cli.keys.inference;

import ai.preceptor.cli.keys.AnswerRule;
import ai.preceptor.cli.keys.RuleKeys;
import ai.preceptor.cli.plugin.OwnPart;
import ai.preceptor.cli.plugin.Part;
import ai.preceptor.cli.plugin.PartOf;
import ai.preceptor.data.Prompted;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.rows.RowFormat;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Rules that score answers in an evaluation: those that the program has, and a user's own. */
public record EvalRuleKeys(
        @Key(
                help = "rules that score answers; use ones that are not used in training, to detect reward hacking. "
                        + "Several are reported each under rules/NAME")
        @PartOf(
                value = {ToDoubleFunction.class, Scorer.class},
                names = AnswerRule.class)
        @Nullable
        List<Part> rule)
        implements Checked {
    @Override
    public void check(Checks checks) {
        if (byName().size() < parts().size()) {
            checks.refuse(
                    "rule",
                    "expected rules of different names, found "
                            + parts().stream().map(EvalRuleKeys::name).toList());
        }
    }

    private List<Part> parts() {
        return rule == null ? List.of() : rule;
    }

    /** Each by the name that it is reported under: of a user's own the class, without its package. */
    public Map<String, RuleKeys> byName() {
        Map<String, RuleKeys> rules = new LinkedHashMap<>();
        parts().forEach(part -> rules.put(name(part), new RuleKeys(part)));
        return rules;
    }

    private static String name(Part part) {
        return part instanceof OwnPart own ? own.simpleName() : part.written();
    }

    /** Rows of whose answers every rule can score some, see {@link RuleKeys#checked}. */
    public <R extends Prompted> RowFormat.Reader<R> checked(RowFormat.Reader<R> reader) {
        RowFormat.Reader<R> checked = reader;
        for (RuleKeys one : byName().values()) {
            checked = one.checked(checked);
        }
        return checked;
    }
}
