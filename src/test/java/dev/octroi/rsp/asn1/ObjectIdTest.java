package dev.octroi.rsp.asn1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.testing.Seeds;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ObjectIdTest {
    private static final Pattern FORM =
            Pattern.compile("(2(\\.(0|[1-9][0-9]{0,8}))|[01]\\.(0|[1-9]|[1-3][0-9]))(\\.(0|[1-9][0-9]{0,8})){0,30}");

    @Test
    void whatIsAnObjectIdentifierAgreesWithThePatternOfItsForm() {
        long seed = Seeds.fresh();
        Seeds.told(seed, () -> {
            Random random = new Random(seed);
            int valid = 0;
            for (int i = 0; i < 50_000; i++) {
                String text = text(random);
                boolean expected = FORM.matcher(text).matches();
                valid += expected ? 1 : 0;
                assertThat(ObjectId.isValid(text))
                        .as("'%s', seed %d", text, seed)
                        .isEqualTo(expected);
            }
            assertThat(valid).as("seed %d", seed).isBetween(1_000, 49_000);
        });
    }

    @Test
    void whatWasWrittenIsReadBack() throws MalformedTlvException {
        for (String dotted : new String[] {"2.23.146.1.2.1.4", "1.2.840.10045.3.1.7", "0.39", "2.999.10", "2.0"}) {
            assertThat(ObjectId.ofBytes(new ObjectId(dotted).bytes()).dotted()).isEqualTo(dotted);
        }
    }

    /** Mostly near the form, so that both answers come often. */
    private static String text(Random random) {
        StringBuilder text = new StringBuilder().append(random.nextInt(4));
        int arcs = random.nextInt(8) == 0 ? 28 + random.nextInt(6) : random.nextInt(6);
        for (int i = 0; i < arcs; i++) {
            text.append('.');
            int digits = random.nextInt(20) == 0 ? random.nextInt(12) : 1 + random.nextInt(3);
            for (int d = 0; d < digits; d++) {
                text.append(random.nextInt(10));
            }
        }
        if (random.nextInt(12) == 0) {
            text.insert(random.nextInt(text.length() + 1), "x.- ٣".charAt(random.nextInt(5)));
        }
        return text.toString();
    }
}
