package ai.preceptor.teacher.curate;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.rows.SourceRow;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanguageFilterTest extends RowFilterContract {
    @Override
    protected RowFilter filter() {
        return new LanguageFilter(RowText.ALL, Set.of("en", "und"), LanguageRule.standard()::language);
    }

    @Override
    protected List<SourceRow> rows() {
        return Samples.prompts("What is the capital of France?", "Was ist die Hauptstadt von Frankreich?", "12 + 7");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "en | Write a poem about the sea and its colours.",
                "en | Sort these numbers: one, six, two.",
                "de | Erkläre, wie ein Regenbogen entsteht.",
                "fr | Quelle est la capitale de la France ?",
                "es | ¿Cuál es la capital de España y por qué?",
                "it | Scrivi una poesia sul mare e sulla luna.",
                "pt | Qual é a capital do Brasil e por que não é o Rio?",
                "nl | Wat is de hoofdstad van het land en waarom?",
                "pl | Jak się nazywa stolica i dlaczego jest ważna?",
                "tr | Bu şehir neden bu kadar büyük ve güzel?",
                "vi | Hãy viết một bài thơ về biển của bạn.",
                "ru | Напиши стихотворение о море и что это такое.",
                "uk | Напиши вірш про море, що це та як його бачать.",
                "ar | ما هي عاصمة مصر؟",
                "fa | پایتخت ایران چه شهری است و چرا؟",
                "zh | 法国的首都是什么？",
                "ja | 海についての詩を書いてください。",
                "ko | 프랑스의 수도는 무엇입니까?",
                "el | Ποια είναι η πρωτεύουσα;",
                "und | 12 + 7 = ?",
                "und | Kubernetes YAML"
            })
    void language_isTold(String language, String text) {
        assertThat(LanguageRule.standard().language(text)).isEqualTo(language);
    }

    @Test
    void judge_saysTheLanguage() {
        assertThat(filter().judge(rows())).containsExactly(null, new Drop("other_language", "language de"), null);
    }

    @Test
    void functionWords_areNoOthers() {
        assertThat(LanguageRule.standard().isFunctionWord("the")).isTrue();
        assertThat(LanguageRule.standard().isFunctionWord("write")).isFalse();
    }
}
