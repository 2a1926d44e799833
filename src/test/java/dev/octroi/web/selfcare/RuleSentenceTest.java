package dev.octroi.web.selfcare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.http.Languages;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The words of rules on the page. */
class RuleSentenceTest {
    private static final String BUNDLE = "dev.octroi.web.selfcare";

    @Test
    void everyWordIsThereInEveryLanguage() {
        TreeSet<String> english = keys(Locale.ENGLISH);
        for (Locale language : Languages.ALL) {
            assertThat(keys(language)).as(language.getLanguage()).isEqualTo(english);
        }
    }

    @Test
    void everyChoiceOfTheFormHasItsWord() {
        for (Locale language : Languages.ALL) {
            Texts texts = new Texts(language, ZoneOffset.UTC);
            assertThat(RuleRequest.WINDOWS).allMatch(word -> texts.has("rule.window." + word));
            assertThat(RuleRequest.KINDS).allMatch(word -> texts.has("category." + word));
            assertThat(RuleRequest.ACTIONS).allMatch(word -> texts.has("rule.form.then." + word));
            assertThat(RuleRequest.ENDS).allMatch(word -> texts.has("rule.form.until." + word));
            assertThat(RuleRequest.OCCASIONS).allMatch(word -> texts.has("rule.form.when." + word));
            for (String action : List.of(
                    "notify",
                    "throttle",
                    "block_background",
                    "block_categories",
                    "block_zone",
                    "pause",
                    "ask",
                    "suspend")) {
                assertThat(texts.has("rule.do." + action)).as(action).isTrue();
            }
        }
    }

    @Test
    void aSentenceBeginsWithACapitalAndANameStaysAsItIsWritten() {
        assertThat(RuleSentence.begun("in Switzerland", Locale.ENGLISH)).isEqualTo("In Switzerland");
        assertThat(RuleSentence.begun("eSIM 换到另一台设备时", Locale.CHINESE)).isEqualTo("eSIM 换到另一台设备时");
    }

    @Test
    void volumesHaveTheUnitsOfTheLanguage() {
        assertThat(new Texts(Locale.FRENCH, ZoneOffset.UTC).volume(300_000_000)).isEqualTo("300\u00a0Mo");
        assertThat(new Texts(Locale.FRENCH, ZoneOffset.UTC).volume(5_000_000_000L))
                .isEqualTo("5,00\u00a0Go");
        assertThat(new Texts(Locale.CHINESE, ZoneOffset.UTC).volume(5_000)).isEqualTo("5 kB");
    }

    private static TreeSet<String> keys(Locale locale) {
        return new TreeSet<>(ResourceBundle.getBundle(
                        BUNDLE,
                        locale,
                        ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES))
                .keySet());
    }
}
