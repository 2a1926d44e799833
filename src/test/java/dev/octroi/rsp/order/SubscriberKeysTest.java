package dev.octroi.rsp.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.rsp.profile.Subscriber.Codes;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubscriberKeysTest {
    /** 16, 0, 8, 0 takes 32 bytes, as two keys do. */
    @ParameterizedTest
    @CsvSource({
        "16, 16, 0, 0",
        "16, 0, 0, 0",
        "16, 0, 8, 0",
        "16, 0, 0, 8",
        "16, 0, 8, 8",
        "16, 16, 8, 8",
        "32, 16, 8, 0",
        "32, 0, 0, 0",
        "16, 32, 0, 8"
    })
    void importedSecretsAreReadAsTheyWereGiven(int k, int opc, int puk, int adm) {
        SubscriberKeys given = new SubscriberKeys(bytes(k, 1), bytes(opc, 2), new Codes.Given(code(puk), code(adm)));
        SubscriberKeys read = SubscriberKeys.decode(given.encode(), false);
        assertThat(read.k()).isEqualTo(given.k());
        assertThat(read.opc()).isEqualTo(given.opc());
        assertThat(read.codes()).isInstanceOfSatisfying(Codes.Given.class, codes -> {
            assertThat(codes.puk().orElse(new byte[0])).isEqualTo(bytes(puk, 3));
            assertThat(codes.adm().orElse(new byte[0])).isEqualTo(bytes(adm, 3));
        });
    }

    @Test
    void secretsMadeHereAreReadWhateverTheyBeginWith() {
        byte[] k = bytes(16, 1);
        k[0] = 0x30;
        k[1] = 0x1E;
        SubscriberKeys made = new SubscriberKeys(k, bytes(16, 2), new Codes.Derived());
        SubscriberKeys read = SubscriberKeys.decode(made.encode(), true);
        assertThat(read.k()).isEqualTo(k);
        assertThat(read.opc()).isEqualTo(bytes(16, 2));
        assertThat(read.codes()).isInstanceOf(Codes.Derived.class);
    }

    private static Optional<byte[]> code(int length) {
        return length == 0 ? Optional.empty() : Optional.of(bytes(length, 3));
    }

    private static byte[] bytes(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
