package dev.octroi.smdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.rsp.asn1.Plmn;
import dev.octroi.secret.Sensitive;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BuiltInSmDpTest {
    @Test
    void numbersHaveTheRightLengthAndCheckDigit() {
        NumberRange range = new NumberRange("893301", new Plmn("208", "01"));
        for (long number : new long[] {1, 42, NumberRange.MAX_NUMBER}) {
            assertThat(range.iccid(number).digits()).hasSize(19).startsWith("893301");
            assertThat(range.iccid(number).hasCheckDigit()).isTrue();
            assertThat(range.imsi(number).digits()).hasSize(15).startsWith("20801");
        }
        assertThat(new NumberRange("8933", new Plmn("310", "410")).imsi(7).digits())
                .isEqualTo("310410000000007");
        assertThatThrownBy(() -> range.iccid(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void namesAreCutAtACharacter() {
        assertThat(BuiltInSmDp.cut("é".repeat(20), 32)).isEqualTo("é".repeat(16));
        assertThat(BuiltInSmDp.cut("😀".repeat(20), 33)).isEqualTo("😀".repeat(8));
        assertThat(BuiltInSmDp.cut("France", 64)).isEqualTo("France");
        assertThat(BuiltInSmDp.cut("流量偷跑".repeat(9), 32).getBytes(StandardCharsets.UTF_8).length)
                .isLessThanOrEqualTo(32);
    }

    @Test
    void activationCodeHasTheFlagForAConfirmationCodeBehindAnEmptyOid() {
        Sensitive<String> any = Sensitive.of("1");
        Sensitive<String> token = Sensitive.of("K9W2-7QX4");
        assertThat(new OrderedProfile(any, any, "smdp.example.com", token, false)
                        .activationCode()
                        .reveal())
                .isEqualTo("LPA:1$smdp.example.com$K9W2-7QX4");
        assertThat(new OrderedProfile(any, any, "smdp.example.com", token, true)
                        .activationCode()
                        .reveal())
                .isEqualTo("LPA:1$smdp.example.com$K9W2-7QX4$$1");
    }
}
