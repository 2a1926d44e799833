package dev.octroi.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class SignedTokenTest {
    private static final int CODE_BYTES = 16;
    private static final int MAX_BYTES = 40;
    private static final byte[] CONTENT = "a channel".getBytes(StandardCharsets.US_ASCII);

    private final UnaryOperator<byte[]> code = code("ours");

    @Test
    void whatWasSignedIsReadAndNothingElse() {
        String token = SignedToken.of(CONTENT, code);
        assertThat(SignedToken.read(token, MAX_BYTES, CODE_BYTES, code)).hasValue(CONTENT);
        assertThat(SignedToken.read(token, MAX_BYTES, CODE_BYTES, code("another's")))
                .isEmpty();
        assertThat(token).matches("[A-Za-z0-9_-]+");
        for (int at = 0; at < token.length(); at++) {
            char[] letters = token.toCharArray();
            letters[at] = letters[at] == 'A' ? 'Z' : 'A';
            assertThat(SignedToken.read(new String(letters), MAX_BYTES, CODE_BYTES, code))
                    .as("altered at %d", at)
                    .isEmpty();
        }
    }

    @Test
    void whatIsNoTokenIsNone() {
        for (String text : new String[] {"", "A", "====", "ü", " ", "AAAAAAAAAAAAAAAAAAAA", "a b"}) {
            assertThat(SignedToken.read(text, MAX_BYTES, CODE_BYTES, code))
                    .as(text)
                    .isEmpty();
        }
        String tooLong = SignedToken.of(new byte[MAX_BYTES], code);
        assertThat(SignedToken.read(tooLong, MAX_BYTES, CODE_BYTES, code)).isEmpty();
        assertThat(SignedToken.read("A".repeat(1_000_000), MAX_BYTES, CODE_BYTES, code))
                .isEmpty();
    }

    private static UnaryOperator<byte[]> code(String key) {
        SecretKeySpec secret = new SecretKeySpec(key.getBytes(StandardCharsets.US_ASCII), "HmacSHA256");
        return content -> Arrays.copyOf(HmacSha256.of(secret, content), CODE_BYTES);
    }
}
