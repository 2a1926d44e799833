package dev.octroi.rsp.bound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.asn1.Plmn;
import dev.octroi.rsp.asn1.Tlv;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProfileMetadataTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final Iccid ICCID = new Iccid("8933010000000000012");

    @Test
    void encodesByteForByteAsTheStandardSays() {
        Tlv encoded = ProfileMetadata.simple(
                        ICCID, "Octroi", "FR", "a.b", new ProfileOwner(new Plmn("208", "01"), null, null))
                .encode();
        String expected = "5a0a983310000000000010f2"
                + "91064f6374726f69"
                + "92024652"
                + "b60b3009800204f08103612e62"
                + "b705800302f810";
        assertThat(HEX.formatHex(encoded.value())).isEqualTo(expected);
        assertThat(encoded.tag()).isEqualTo(0xBF25);
    }

    @Test
    void eventsAreBitsWithTheUnusedOnesCounted() throws Exception {
        assertThat(NotificationEvent.encode(Set.of(NotificationEvent.INSTALL))).isEqualTo(HEX.parseHex("0780"));
        assertThat(NotificationEvent.encode(Set.of(NotificationEvent.ENABLE))).isEqualTo(HEX.parseHex("0640"));
        assertThat(NotificationEvent.encode(Set.of(NotificationEvent.DISABLE))).isEqualTo(HEX.parseHex("0520"));
        assertThat(NotificationEvent.encode(Set.of(NotificationEvent.DELETE))).isEqualTo(HEX.parseHex("0410"));
        assertThat(NotificationEvent.decode(HEX.parseHex("0410"))).containsExactly(NotificationEvent.DELETE);
        assertThat(NotificationEvent.decode(HEX.parseHex("00"))).isEmpty();
    }

    @Test
    void classIsLeftOutWhenItIsTheDefaultAndWrittenOtherwise() {
        ProfileMetadata test = new ProfileMetadata(ICCID, "", "", null, ProfileClass.TEST, List.of(), null, Set.of());
        assertThat(HEX.formatHex(test.encode().value())).endsWith("950100");
    }

    @Test
    void refusesTextsThatAreTooLongAndRulesWithoutOwner() {
        assertThatThrownBy(() -> new ProfileMetadata(
                        ICCID, "é".repeat(17), "x", null, ProfileClass.OPERATIONAL, List.of(), null, Set.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ProfileMetadata(
                        ICCID,
                        "x",
                        "x",
                        null,
                        ProfileClass.OPERATIONAL,
                        List.of(),
                        null,
                        Set.of(ProfileMetadata.PolicyRule.DELETE_NOT_ALLOWED)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
