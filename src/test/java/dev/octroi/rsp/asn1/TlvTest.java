package dev.octroi.rsp.asn1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TlvTest {
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void keepsTheBytesAsReceivedEvenWhenTheLengthIsNotTheShortest() throws MalformedTlvException {
        byte[] wire = HEX.parseHex("bf388106a08103800105");

        Tlv tlv = Tlv.parse(wire);

        assertThat(tlv.tag()).isEqualTo(0xBF38);
        assertThat(tlv.raw()).isEqualTo(wire);
        assertThat(tlv.require(0xA0).raw()).isEqualTo(HEX.parseHex("a08103800105"));
        assertThat(tlv.require(0xA0).require(0x80).asInt()).isEqualTo(5);
    }

    @Test
    void writesTagsAndLengthsOfAllSizes() throws MalformedTlvException {
        for (int length : new int[] {0, 1, 0x7F, 0x80, 0xFF, 0x100, 0xFFFF, 0x10000}) {
            for (int tag : new int[] {0x04, 0x5F37, 0x9F8101}) {
                Tlv made = Tlv.of(tag, new byte[length]);
                Tlv read = Tlv.parse(made.raw(), TlvLimits.PACKAGE);
                assertThat(read).isEqualTo(made);
                assertThat(read.valueLength()).isEqualTo(length);
            }
        }
        assertThat(Tlv.header(0x5F49, 65)).isEqualTo(HEX.parseHex("5f4941"));
        assertThat(Tlv.header(0xBF36, 300)).isEqualTo(HEX.parseHex("bf3682012c"));
    }

    @Test
    void integersAreShortestTwosComplement() throws MalformedTlvException {
        assertThat(Tlv.integer(0x80, 0).raw()).isEqualTo(HEX.parseHex("800100"));
        assertThat(Tlv.integer(0x80, 127).raw()).isEqualTo(HEX.parseHex("80017f"));
        assertThat(Tlv.integer(0x80, 128).raw()).isEqualTo(HEX.parseHex("80020080"));
        assertThat(Tlv.integer(0x80, -1).raw()).isEqualTo(HEX.parseHex("8001ff"));
        for (long value : new long[] {Long.MIN_VALUE, -129, -128, 255, 256, Long.MAX_VALUE}) {
            assertThat(Tlv.integer(0x02, value).asLong()).isEqualTo(value);
        }
    }

    @Test
    void refusesWhatIsNotOneElement() {
        for (String hex : new String[] {
            "",
            "30",
            "3001",
            "300180",
            "30028001",
            "800100800100",
            "3080800100000000",
            "bf",
            "bf80",
            "9f008101",
            "1f8181818101",
            "30850000000001",
            "3084ffffffff",
            "0000"
        }) {
            assertThatThrownBy(() -> Tlv.parse(HEX.parseHex(hex))).as(hex).isInstanceOf(MalformedTlvException.class);
        }
    }

    @Test
    void refusesNestingAndCountsBeyondTheLimits() {
        byte[] deep = new byte[0];
        for (int i = 0; i < 30; i++) {
            deep = concat(Tlv.header(0x30, deep.length), deep);
        }
        byte[] nested = deep;
        assertThatThrownBy(() -> Tlv.parse(nested)).hasMessageContaining("deeper");

        byte[] many = new byte[2 * 5000];
        Arrays.fill(many, (byte) 0);
        for (int i = 0; i < many.length; i += 2) {
            many[i] = 0x05;
        }
        byte[] wide = concat(Tlv.header(0x30, many.length), many);
        assertThatThrownBy(() -> Tlv.parse(wide)).hasMessageContaining("more than");
    }

    @Test
    void anyBytesGiveAnElementOrTheCheckedFailure() {
        Random random = new Random(20261123);
        for (int round = 0; round < 200_000; round++) {
            byte[] bytes = new byte[random.nextInt(24)];
            random.nextBytes(bytes);
            try {
                Tlv tlv = Tlv.parse(bytes);
                assertThat(tlv.raw()).isEqualTo(bytes);
            } catch (MalformedTlvException expected) {
                assertThat(expected.getMessage()).isNotEmpty();
            }
        }
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }
}
