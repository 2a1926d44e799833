package dev.octroi.rsp.asn1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class IdentifiersTest {
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void iccidSwapsNibblesInTheFileAndKeepsThemInTheHeader() throws MalformedTlvException {
        Iccid nineteen = new Iccid("8933010000000000012");
        assertThat(nineteen.headerBytes()).isEqualTo(HEX.parseHex("8933010000000000012f"));
        assertThat(nineteen.efBytes()).isEqualTo(HEX.parseHex("983310000000000010f2"));
        assertThat(Iccid.ofEf(nineteen.efBytes())).isEqualTo(nineteen);
        assertThat(Iccid.ofHeader(nineteen.headerBytes())).isEqualTo(nineteen);
        assertThat(Iccid.ofText("8933010000000000012F")).isEqualTo(nineteen);
        Iccid twenty = new Iccid("89330100000000000012");
        assertThat(Iccid.ofEf(twenty.efBytes())).isEqualTo(twenty);
    }

    @Test
    void iccidCheckDigitIsLuhn() {
        assertThat(Iccid.withCheckDigit("898600000000000000").hasCheckDigit()).isTrue();
        // The example of Luhn's own algorithm, behind zeroes that do not count.
        assertThat(Iccid.withCheckDigit("000000007992739871").digits()).endsWith("79927398713");
        assertThat(new Iccid("0000000079927398710").hasCheckDigit()).isFalse();
    }

    @Test
    void eidChecksModulo97() {
        Eid eid = Eid.withCheckDigits("890490320010012345001234567890");
        assertThat(eid.hasCheckDigits()).isTrue();
        assertThat(eid.digits()).hasSize(32);
        assertThat(new Eid("89049032123451234512345678901235").hasCheckDigits()).isTrue();
        assertThat(new Eid("89049032123451234512345678901236").hasCheckDigits()).isFalse();
        assertThat(eid.bytes()).hasSize(16);
    }

    @Test
    void imsiHasParityAndSwappedNibblesInTheFile() throws MalformedTlvException {
        Imsi imsi = new Imsi("208010000000001");
        assertThat(imsi.efBytes()).isEqualTo(HEX.parseHex("082980100000000010"));
        assertThat(Imsi.ofEf(imsi.efBytes())).isEqualTo(imsi);
        Imsi even = new Imsi("20801000000001");
        assertThat(Imsi.ofEf(even.efBytes())).isEqualTo(even);
    }

    @Test
    void plmnHasTheFormOfTs24008() throws MalformedTlvException {
        assertThat(new Plmn("208", "01").bytes()).isEqualTo(HEX.parseHex("02f810"));
        assertThat(new Plmn("310", "410").bytes()).isEqualTo(HEX.parseHex("130014"));
        assertThat(Plmn.ofBytes(HEX.parseHex("02f810"))).isEqualTo(new Plmn("208", "01"));
        assertThat(Plmn.ofBytes(HEX.parseHex("130014"))).isEqualTo(new Plmn("310", "410"));
    }

    @Test
    void objectIdsHaveBothForms() throws MalformedTlvException {
        assertThat(new ObjectId("2.999.10").bytes()).isEqualTo(HEX.parseHex("88370a"));
        assertThat(ObjectId.ofBytes(HEX.parseHex("88370a")).dotted()).isEqualTo("2.999.10");
        assertThat(ObjectId.ofBytes(HEX.parseHex("678112010201" + "04")).dotted())
                .isEqualTo("2.23.146.1.2.1.4");
        assertThatThrownBy(() -> ObjectId.ofBytes(new byte[] {(byte) 0x81})).isInstanceOf(MalformedTlvException.class);
    }

    @Test
    void noIdentifierShowsInText() {
        assertThat(new Iccid("8933010000000000012").toString()).doesNotContain("8933");
        assertThat(new Imsi("208010000000001").toString()).doesNotContain("208");
        assertThat(new Eid("89049032123451234512345678901235").toString()).doesNotContain("8904");
    }
}
