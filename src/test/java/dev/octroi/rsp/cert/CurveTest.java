package dev.octroi.rsp.cert;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CurveTest {
    private final SecureRandom random = new SecureRandom();

    @ParameterizedTest
    @EnumSource(Curve.class)
    void bothSidesAgreeOnTheSameSecret(Curve curve) throws Exception {
        KeyPair a = curve.generate(random);
        KeyPair b = curve.generate(random);
        byte[] one = curve.agree(a.getPrivate(), (ECPublicKey) b.getPublic());
        byte[] other = curve.agree(b.getPrivate(), (ECPublicKey) a.getPublic());
        assertThat(one).hasSize(32).isEqualTo(other);
    }

    @ParameterizedTest
    @EnumSource(Curve.class)
    void signaturesArePlainAndBreakWithAnyChange(Curve curve) {
        KeyPair keys = curve.generate(random);
        ECPublicKey key = (ECPublicKey) keys.getPublic();
        byte[] text = "an octroi was a toll house".getBytes(StandardCharsets.US_ASCII);
        for (int round = 0; round < 50; round++) {
            byte[] signature = curve.sign(keys.getPrivate(), random, text);
            assertThat(signature).hasSize(64);
            assertThat(curve.verify(key, signature, text)).isTrue();
            assertThat(curve.verify(key, signature, Arrays.copyOf(text, 5), Arrays.copyOfRange(text, 5, text.length)))
                    .isTrue();
            signature[random.nextInt(64)] ^= 1;
            assertThat(curve.verify(key, signature, text)).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(Curve.class)
    void emptySignaturesAndZeroesAreWrong(Curve curve) {
        ECPublicKey key = (ECPublicKey) curve.generate(random).getPublic();
        assertThat(curve.verify(key, new byte[64], new byte[] {1})).isFalse();
        assertThat(curve.verify(key, new byte[0], new byte[] {1})).isFalse();
        assertThat(curve.verify(key, new byte[63], new byte[] {1})).isFalse();
        assertThat(curve.verifyDer(key, new byte[] {0x30, 6, 2, 1, 0, 2, 1, 0}, new byte[] {1}))
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource(Curve.class)
    void pointsAreReadBackAndChecked(Curve curve) {
        ECPublicKey key = (ECPublicKey) curve.generate(random).getPublic();
        byte[] point = curve.point(key);
        assertThat(curve.key(point)).isPresent();
        assertThat(curve.point(curve.key(point).orElseThrow())).isEqualTo(point);
        assertThat(Curve.of(key)).contains(curve);
        byte[] off = point.clone();
        off[40] ^= 1;
        assertThat(curve.key(off)).isEmpty();
        assertThat(curve.key(new byte[65])).isEmpty();
        assertThat(curve.key(Arrays.copyOf(point, 64))).isEmpty();
        byte[] large = point.clone();
        Arrays.fill(large, 1, 33, (byte) 0xFF);
        assertThat(curve.key(large)).isEmpty();
    }
}
