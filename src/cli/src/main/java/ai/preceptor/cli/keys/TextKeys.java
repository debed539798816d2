package ai.preceptor.cli.keys;

import ai.preceptor.data.setting.Key;
import ai.preceptor.lm.text.Boundary;

/**
 * How prompts and completions become tokens.
 *
 * @param promptBoundary what to do where a prompt's ids are not the beginning of the ids of prompt and completion
 */
public record TextKeys(
        @Key(
                help =
                        "when the prompt's tokens are not the first of prompt and completion together: treat the row as a"
                                + " bad one, or move the boundary to where they part, as TRL does",
                standard = "refuse")
        Boundary promptBoundary) {}
