package dev.octroi.rsp.cert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Native code and the JDK are the same to everybody who is not measuring. */
class CurveProviderTest {
    private static final byte[] TEXT = {1, 2, 3};

    private final SecureRandom random = new SecureRandom();

    @AfterEach
    void restore() {
        CurveProvider.choose(true);
    }

    @Test
    void settingKeepsNativeCodeOut() {
        assertThat(CurveProvider.choose(false)).isEqualTo("JDK");
        assertThat(CurveProvider.name()).isEqualTo("JDK");
        assertThat(Curve.P256.generate(random).getPrivate().getClass().getName())
                .startsWith("sun.");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keysAndSignaturesOfOneSideServeTheOther(boolean nativeFirst) throws Exception {
        CurveProvider.choose(nativeFirst);
        KeyPair made = Curve.P256.generate(random);
        byte[] signature = Curve.P256.sign(made.getPrivate(), random, TEXT);
        byte[] point = Curve.P256.point((ECPublicKey) made.getPublic());

        CurveProvider.choose(!nativeFirst);
        ECPublicKey read = Curve.P256.key(point).orElseThrow();
        assertThat(Curve.P256.verify(read, signature, TEXT)).isTrue();
        assertThat(Curve.P256.verify((ECPublicKey) made.getPublic(), signature, TEXT))
                .isTrue();
        byte[] again = Curve.P256.sign(Curve.P256.kept(made.getPrivate()), random, TEXT);
        assertThat(Curve.P256.verify(read, again, TEXT)).isTrue();
        KeyPair other = Curve.P256.generate(random);
        assertThat(Curve.P256.agree(made.getPrivate(), (ECPublicKey) other.getPublic()))
                .isEqualTo(Curve.P256.agree(other.getPrivate(), read));
    }

    @Test
    void keptKeyIsTheSameKey() throws Exception {
        assumeFalse(CurveProvider.name().equals("JDK"), "no native code on this machine");
        CurveProvider.choose(false);
        PrivateKey key = Curve.P256.generate(random).getPrivate();
        CurveProvider.choose(true);
        PrivateKey kept = Curve.P256.kept(key);
        assertThat(kept.getClass()).isNotEqualTo(key.getClass());
        assertThat(KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(kept.getEncoded())))
                .isEqualTo(key);
    }

    @Test
    void keyOfAnotherAlgorithmIsNotKept() throws Exception {
        PrivateKey rsa = java.security.KeyPairGenerator.getInstance("RSA")
                .generateKeyPair()
                .getPrivate();
        assertThatIllegalArgumentException().isThrownBy(() -> Curve.P256.kept(rsa));
    }
}
