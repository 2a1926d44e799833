package dev.octroi.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.testing.Seeds;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonTextTest {
    @Test
    void findsTheEscapeExactlyWhereTheReadTextHoldsTheCharacter() {
        long seed = Seeds.fresh();
        Seeds.told(seed, () -> {
            Random random = new Random(seed);
            String[] pieces = {"\\", "\\\\", "\\u0000", "u0000", "\\u0001", "\\n", "0", "a", "\u0000", "\\u00000", "é"};
            int found = 0;
            for (int i = 0; i < 20_000; i++) {
                StringBuilder text = new StringBuilder();
                for (int k = random.nextInt(6); k >= 0; k--) {
                    text.append(pieces[random.nextInt(pieces.length)]);
                }
                Buffer json = Buffer.buffer(
                        new JsonObject().put("reason", text.toString()).encode());
                boolean holds = text.indexOf("\u0000") >= 0;
                assertThat(JsonText.holdsNul(json))
                        .as("seed %d: %s", seed, json)
                        .isEqualTo(holds);
                found += holds ? 1 : 0;
            }
            assertThat(found).isBetween(1, 19_999);
        });
    }

    @Test
    void textThatBreaksOffHoldsNone() {
        for (String text : new String[] {"", "\\", "{\"a\":\"\\u000", "\\u"}) {
            assertThat(JsonText.holdsNul(Buffer.buffer(text))).isFalse();
        }
    }
}
