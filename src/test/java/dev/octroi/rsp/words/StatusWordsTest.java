package dev.octroi.rsp.words;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.rsp.session.CancelSession;
import dev.octroi.rsp.session.GsmaStatus;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every status that the product makes or may receive says what happened and who must act, in every language. */
class StatusWordsTest {
    private static final List<Locale> LANGUAGES = List.of(Locale.ENGLISH, Locale.FRENCH, Locale.CHINESE);

    /** SGP.22 §5.2.6 by function, with the generic ones that every function may give. */
    private static final String PAIRS = """
            1.1/1.1 1.1/1.2 1.2/4.2 1.2/4.4 1.6/2.1 1.6/2.2 1.6/2.3
            8.8.1/3.8 8.8.2/3.1 8.8.3/3.1 8.8.4/3.7
            8.10.1/3.9 8.11.1/3.9 8.1.2/6.1 8.1.2/6.3 8.1.3/6.1 8.1.3/6.3 8.1/6.1 8.1/4.8 8.2/1.2 8.2.6/3.8 8.1.1/3.8
            8.2.5/4.3 8.8.5/4.10 8.8.5/4.1 8.8.5/6.4
            8.2/3.7 8.2.7/2.2 8.2.7/3.8 8.2.7/6.4
            8.8/3.10 8.8/3.1 8.8.5/3.8 8.2.8/1.2 8.2.9/3.11 8.2.10/4.2 8/4.2
            8.2.1/1.2 8.2.1/3.3 8.2.1/3.5 8.2.1/3.9 8.2.5/1.2 8.2.5/3.7 8.2.5/3.8 8.2.5/3.9
            8.1.1/2.2 8.1.1/3.10 8.1.1/3.1 8.2.6/3.3 8.2.6/3.10 8.9/5.1 8.9/4.2
            """;

    private static final String REASONS =
            "1.1 1.2 2.1 2.2 2.3 3.1 3.3 3.5 3.7 3.8 3.9 3.10 3.11 3.12 4.2 4.3 4.4 4.8 4.10 5.1 6.1 6.3 6.4";

    private static final String CANCELLATIONS =
            "end_user_rejection postponed timeout rules_not_allowed" + " metadata_mismatch load_error undefined";

    /** What must not be in a sentence: a place for a value, a long number, an activation code. */
    private static final Pattern IDENTIFIER = Pattern.compile("[{}<>%$]|\\d{5,}|LPA:");

    private static final Map<Locale, Pattern> ACTORS = Map.of(
            Locale.ENGLISH,
            Pattern.compile("(?i)travell?er|reseller|operator|device maker|whoever runs|maker of the"),
            Locale.FRENCH,
            Pattern.compile("(?i)voyageur|revendeur|opérateur|fabricant|exploitant|éditeur"),
            Locale.CHINESE,
            Pattern.compile("旅客|经销商|运营商|设备厂商|运营方|开发者"));

    /** All codes: from the standard's tables, and from the code of this product. */
    static Stream<StatusCode> codes() throws IllegalAccessException {
        List<StatusCode> codes = new ArrayList<>();
        for (String pair : PAIRS.strip().split("\\s+")) {
            codes.add(StatusCode.of(pair.split("/")[0], pair.split("/")[1]));
        }
        for (String reason : REASONS.split(" ")) {
            codes.add(StatusCode.of("8.2.13", reason));
        }
        codes.add(StatusCode.of("9.9", "9.9"));
        for (String word : CANCELLATIONS.split(" ")) {
            codes.add(new StatusCode("8.8.5", "3.8", "cancel." + word));
        }
        numbers("1-7 127").forEach(n -> codes.add(new StatusCode("8.1", "6.1", "authenticate." + n)));
        numbers("1-5 127").forEach(n -> codes.add(new StatusCode("8.1", "6.1", "prepare." + n)));
        numbers("1-15 17-23 26 127").forEach(n -> codes.add(new StatusCode("8.2.10", "4.2", "install." + n)));
        for (GsmaStatus status : constants()) {
            codes.add(status.code());
        }
        for (CancelSession.Reason reason : CancelSession.Reason.values()) {
            codes.add(reason.status().code());
        }
        return codes.stream().distinct();
    }

    private static List<GsmaStatus> constants() throws IllegalAccessException {
        List<GsmaStatus> found = new ArrayList<>();
        for (var field : GsmaStatus.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == GsmaStatus.class) {
                found.add((GsmaStatus) field.get(null));
            }
        }
        return found;
    }

    private static IntStream numbers(String ranges) {
        return Arrays.stream(ranges.split(" ")).flatMapToInt(range -> {
            String[] ends = range.split("-");
            return IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]));
        });
    }

    @ParameterizedTest
    @MethodSource("codes")
    void everyCodeHasAShortSentenceOfItsOwnForBothAudiencesInEveryLanguage(StatusCode code) {
        if (!code.subjectCode().equals("8.2.13") && !code.subjectCode().equals("9.9")) {
            String own = code.detail() == null ? code.subjectCode() + "/" + code.reasonCode() : code.detail();
            assertThat(StatusWords.key(code))
                    .as("a new status needs a line in codes.properties")
                    .isEqualTo(own);
        }
        for (Locale language : LANGUAGES) {
            for (String sentence :
                    List.of(StatusWords.support(code, language), StatusWords.traveller(code, language))) {
                assertThat(sentence)
                        .as("%s in %s", code, language)
                        .hasSizeBetween(8, StatusWords.MAX_LENGTH)
                        .doesNotContainPattern(IDENTIFIER)
                        .matches("(?s).*[.。]");
            }
            assertThat(StatusWords.support(code, language))
                    .as("%s in %s says who acts", code, language)
                    .containsPattern(
                            language == Locale.ENGLISH
                                            && StatusWords.support(code, language)
                                                    .contains("Try again")
                                    ? Pattern.compile("Try again")
                                    : ACTORS.get(language));
        }
    }

    @ParameterizedTest
    @MethodSource("codes")
    void noLanguageIsLeftInEnglish(StatusCode code) {
        assertThat(StatusWords.support(code, Locale.FRENCH)).isNotEqualTo(StatusWords.support(code, Locale.ENGLISH));
        assertThat(StatusWords.support(code, Locale.CHINESE)).containsPattern("\\p{IsHan}{3}");
        assertThat(StatusWords.traveller(code, Locale.FRENCH))
                .isNotEqualTo(StatusWords.traveller(code, Locale.ENGLISH));
        assertThat(StatusWords.traveller(code, Locale.CHINESE)).containsPattern("\\p{IsHan}{3}");
    }

    @ParameterizedTest
    @MethodSource("codes")
    void travellersReadNoTermOfTheStandard(StatusCode code) {
        for (Locale language : LANGUAGES) {
            assertThat(StatusWords.traveller(code, language))
                    .doesNotContainPattern("(?i)SM-DP|eUICC|EID|matching|certificat|profile|LPA|session|server|serveur"
                            + "|profil|证书|配置文件|服务器|会话");
        }
    }

    @Test
    void aPairThatIsNotKnownIsToldByItsReasonAndOneWithoutAnyAsUnknown() {
        assertThat(StatusWords.support(StatusCode.of("8.99", "4.8"), Locale.ENGLISH))
                .contains("no room");
        assertThat(StatusWords.support(StatusCode.of("8.99", "77"), Locale.ENGLISH))
                .contains("does not know");
        assertThat(StatusWords.key(new StatusCode("8.2.10", "4.2", "install.99")))
                .isEqualTo("8.2.10/4.2");
        assertThat(StatusWords.actor(StatusCode.of("8.1", "4.8"))).isEqualTo(Actor.TRAVELLER);
    }

    @Test
    void theTableOfTheDocumentationIsTheTableOfTheProduct() throws IOException {
        List<String> documented = Files.readAllLines(Path.of("docs", "downloads.md"));
        for (Map.Entry<String, Actor> entry : StatusWords.keys().entrySet()) {
            String key = entry.getKey();
            StatusCode code = key.contains("/")
                    ? StatusCode.of(key.substring(0, key.indexOf('/')), key.substring(key.indexOf('/') + 1))
                    : new StatusCode("-", "-", key);
            assertThat(documented)
                    .contains("| `%s` | %s | %s | %s |"
                            .formatted(
                                    key,
                                    entry.getValue().word().replace('_', ' '),
                                    StatusWords.support(code, Locale.ENGLISH),
                                    StatusWords.traveller(code, Locale.ENGLISH)));
        }
        assertThat(documented.stream().filter(line -> line.startsWith("| `") && line.split("\\|").length == 5))
                .hasSizeGreaterThanOrEqualTo(StatusWords.keys().size());
    }

    @Test
    void anUnknownLanguageIsEnglish() {
        StatusCode code = StatusCode.of("8.2.6", "3.8");
        assertThat(StatusWords.support(code, Locale.GERMAN)).isEqualTo(StatusWords.support(code, Locale.ENGLISH));
        assertThat(GsmaStatus.MATCHING_ID_REFUSED.message()).isEqualTo(StatusWords.support(code, Locale.ENGLISH));
    }
}
