package dev.octroi.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The forms of texts: what is run says the same as the regular expression that people are told. */
class FormTest {
    private static final String ALPHABET = "0123456789abcdefABCDEFfFxyzXYZ-_.:/ \n\u00e9\u0665";

    @Test
    void aFormFitsWhatItsExpressionMatches() {
        long seed = 5;
        SplittableRandom random = new SplittableRandom(seed);
        List<Form> forms = List.of(
                Form.of("[0-9]", 6, 15),
                Form.of("[\\x21-\\x7E]", 1, 80),
                Form.of("[A-Za-z0-9._:/-]", 1, 64),
                Form.of("[0-9A-Fa-f]", 1, 6),
                JsonRecords.ICCID,
                JsonRecords.PLMN,
                Devices.FORM);
        for (Form form : forms) {
            Pattern pattern = Pattern.compile(form.expression());
            long fitted = 0;
            for (int i = 0; i < 20_000; i++) {
                String text = text(random);
                assertThat(form.fits(text))
                        .as("seed %d, %s of \"%s\"", seed, form.expression(), text)
                        .isEqualTo(pattern.matcher(text).matches());
                fitted += form.fits(text) ? 1 : 0;
            }
            assertThat(fitted).as(form.expression()).isBetween(1L, 19_999L);
        }
    }

    /** Digits for the most part, or nothing would fit. */
    private static String text(SplittableRandom random) {
        int length = random.nextInt(24);
        int kinds = random.nextBoolean() ? 10 : ALPHABET.length();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(random.nextInt(random.nextInt(8) == 0 ? ALPHABET.length() : kinds)));
        }
        return switch (random.nextInt(4)) {
            case 0 -> text + "F";
            case 1 -> "208-" + (10 + random.nextInt(990));
            default -> text.toString();
        };
    }
}
