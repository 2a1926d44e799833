package dev.octroi.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.SplittableRandom;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** Words of URLs that only we read. */
class SealedWordTest {
    private static final int MAX_BYTES = 100;

    private final SealedWord words = new SealedWord(new SecretKeySpec(new byte[32], "HmacSHA256"));

    @Test
    void aWordIsReadWhereItIsGoodAndNowhereElseAndNotOnceABitOfItDiffers() {
        long seed = 5;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 500; i++) {
            byte[] content = new byte[random.nextInt(MAX_BYTES + 1)];
            random.nextBytes(content);
            String place = "list/" + random.nextInt(9);
            String word = words.seal(place, content);

            assertThat(words.open(place, word, MAX_BYTES)).as("seed %d", seed).hasValue(content);
            assertThat(words.seal(place, content)).as("seed %d", seed).isEqualTo(word);
            assertThat(words.open(place + "x", word, MAX_BYTES))
                    .as("seed %d", seed)
                    .isEmpty();
            byte[] sealed = Base64.getUrlDecoder().decode(word);
            sealed[random.nextInt(sealed.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            assertThat(words.open(place, Base64.getUrlEncoder().encodeToString(sealed), MAX_BYTES))
                    .as("seed %d", seed)
                    .isEmpty();
        }
    }

    @Test
    void aWordOfAnotherKeyOrLongerThanMayBeIsNone() {
        SealedWord others = new SealedWord(new SecretKeySpec(new byte[] {1}, "HmacSHA256"));
        String word = words.seal("a", new byte[MAX_BYTES]);

        assertThat(words.open("a", word, MAX_BYTES)).isPresent();
        assertThat(words.open("a", word, MAX_BYTES - 1)).isEmpty();
        assertThat(others.open("a", others.seal("a", new byte[1]), MAX_BYTES)).isPresent();
        assertThat(words.open("a", others.seal("a", new byte[1]), MAX_BYTES)).isEmpty();
    }
}
