package ai.preceptor.cli.keys;

import ai.preceptor.data.setting.Key;
import ai.preceptor.lm.text.Boundary;

/** How prompts and completions become tokens. */
public record TextKeys(
        @Key(
                help = "if the prompt's tokens are not a prefix of prompt and completion: treat the row as "
                        + "invalid, or move the boundary to where they first differ, as TRL does",
                defaultValue = "refuse")
        Boundary promptBoundary) {}
