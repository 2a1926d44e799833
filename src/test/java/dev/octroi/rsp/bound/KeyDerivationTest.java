package dev.octroi.rsp.bound;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Random;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.macs.CMac;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;

class KeyDerivationTest {
    private static final HexFormat HEX = HexFormat.of();

    /** NIST CAVS, ANS X9.63-2001, SHA-256, shared secret 192 bits, no shared info, 128 bits out, count 0. */
    @Test
    void x963AgreesWithTheNistVector() {
        byte[] z = HEX.parseHex("96c05619d56c328ab95fe84b18264b08725b85e33fd34f08");
        assertThat(BspKeys.x963(z, new byte[0], 16)).isEqualTo(HEX.parseHex("443024c3dae66b95e6f5670601558f71"));
    }

    /** RFC 4493 §4. */
    @Test
    void cmacAgreesWithRfc4493() {
        AesCmac cmac = new AesCmac(HEX.parseHex("2b7e151628aed2a6abf7158809cf4f3c"));
        byte[] message = HEX.parseHex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
                + "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");
        assertThat(cmac.mac()).isEqualTo(HEX.parseHex("bb1d6929e95937287fa37d129b756746"));
        assertThat(cmac.mac(head(message, 16))).isEqualTo(HEX.parseHex("070a16b46b4d4144f79bdd9dd04a287c"));
        assertThat(cmac.mac(head(message, 40))).isEqualTo(HEX.parseHex("dfa66747de9ae63030ca32611497c827"));
        assertThat(cmac.mac(message)).isEqualTo(HEX.parseHex("51f0bebf7e3b9d92fc49741779363cfe"));
    }

    @Test
    void cmacAgreesWithAnotherImplementationOnAllLengths() {
        Random random = new Random(4493);
        for (int length = 0; length < 100; length++) {
            byte[] key = new byte[16];
            byte[] message = new byte[length];
            random.nextBytes(key);
            random.nextBytes(message);
            CMac other = new CMac(AESEngine.newInstance());
            other.init(new KeyParameter(key));
            other.update(message, 0, length);
            byte[] expected = new byte[16];
            other.doFinal(expected, 0);
            assertThat(new AesCmac(key).mac(message)).as("length %d", length).isEqualTo(expected);
        }
    }

    private static byte[] head(byte[] bytes, int length) {
        return java.util.Arrays.copyOf(bytes, length);
    }
}
