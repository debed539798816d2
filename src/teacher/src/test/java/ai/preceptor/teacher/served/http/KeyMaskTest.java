package ai.preceptor.teacher.served.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyMaskTest {
    private static final String KEY = "sk-a/b+c=1234";
    private static final KeyMask MASK = new KeyMask(KEY);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sk-a/b+c=1234",
                "sk-a\\/b+c=1234",
                "sk\\-a/b\\+c=1234",
                "\\u0073k\\u002Da\\u002fb\\u002bc\\u003d1234",
                "sk\\\\u002da/b+c=1234",
                "sk-a%2Fb%2bc%3D1234",
                "sk-a%252Fb%25252bc%3D1234",
                "sk-a/b+c=12",
                "sk-a/b+c"
            })
    void hide_theKeyInAnyForm_orABeginningOfIt(String form) {
        assertThat(MASK.hide(form)).isEqualTo("[key]");
        assertThat(MASK.hide("a " + form + ", b " + form + "!")).isEqualTo("a [key], b [key]!");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sk-a/b+", "k-a/b+c=1234", "sk-a%2", "sk-a\\u00", "sk-a/b%", "\\", "%", "%25", "\\u"})
    void hide_anythingElse_isUnchanged(String text) {
        assertThat(MASK.hide(text)).isSameAs(text);
    }

    @Test
    void hide_inBase64_atEveryOffset_inBothAlphabets() {
        for (int before = 0; before < 7; before++) {
            byte[] bytes = ("u".repeat(before) + KEY + "?>?>").getBytes(StandardCharsets.US_ASCII);
            String plain = MASK.hide(Base64.getEncoder().encodeToString(bytes));
            String safe = MASK.hide(Base64.getUrlEncoder().encodeToString(bytes));
            assertThat(plain).contains("[key]").hasSizeLessThan(22);
            assertThat(safe).contains("[key]").hasSizeLessThan(22);
        }
    }

    /** Seed 11: random keys in random forms between random texts. */
    @Test
    void hide_randomKeys_neverLeavesEightCharactersOfOne() {
        Random random = new Random(11);
        String signs = "abcXYZ0189-._~+/=!$&'()*,;:@%[]{}|^`<>?#\"\\";
        for (int i = 0; i < 2000; i++) {
            StringBuilder made = new StringBuilder();
            int length = 8 + random.nextInt(30);
            for (int j = 0; j < length; j++) {
                made.append(signs.charAt(random.nextInt(signs.length())));
            }
            String key = made.toString();
            String form = switch (i % 4) {
                case 0 -> key;
                case 1 -> key.replace("\\", "\\\\").replace("\"", "\\\"").replace("/", "\\/");
                case 2 -> URLEncoder.encode(key, StandardCharsets.US_ASCII).replace("+", "%20");
                default -> key.substring(0, 8 + random.nextInt(length - 7));
            };
            String hidden = new KeyMask(key).hide("x " + form + " y");
            assertThat(hidden).as("seed 11, key %d: %s as %s", i, key, form).isEqualTo("x [key] y");
        }
    }

    @Test
    void hide_aLongHostileText_takesOnePass() {
        for (String text : new String[] {"\\", "%", "%25", "sk-a/b+", "\\u0073", "\\\\\\\\\\\\\\u00"}) {
            String longText = text.repeat((1 << 20) / text.length());
            long began = System.nanoTime();
            assertThat(MASK.hide(longText)).hasSameSizeAs(longText);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
        }
    }
}
