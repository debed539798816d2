package ai.preceptor.cli.keys;

import ai.preceptor.data.setting.Key;
import ai.preceptor.lm.text.Boundary;

/** How prompts and completions become tokens. */
public record TextKeys(
        @Key(
                help = "if the prompt's tokens are not a prefix of prompt and completion: refuse the row as "
                        + "invalid, or move the boundary to the first difference, as in TRL",
                defaultValue = "refuse")
        Boundary promptBoundary) {}
