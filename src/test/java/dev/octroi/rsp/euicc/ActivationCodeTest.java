package dev.octroi.rsp.euicc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ActivationCodeTest {
    @Test
    void shortFormHasAddressAndToken() {
        ActivationCode code = ActivationCode.parse("LPA:1$smdp.example.com$04386-AGYFT-A74Y8-3F815");
        assertThat(code.smdpAddress()).isEqualTo("smdp.example.com");
        assertThat(code.matchingId()).isEqualTo("04386-AGYFT-A74Y8-3F815");
        assertThat(code.smdpOid()).isEmpty();
        assertThat(code.confirmationCodeRequired()).isFalse();
    }

    @Test
    void prefixMayBeMissing() {
        assertThat(ActivationCode.parse("1$a.example$T")).isEqualTo(ActivationCode.parse("LPA:1$a.example$T"));
    }

    @Test
    void oidMayBeEmptyBeforeTheConfirmationFlag() {
        ActivationCode code = ActivationCode.parse("LPA:1$smdp.example.com$TOKEN$$1");
        assertThat(code.smdpOid()).isEmpty();
        assertThat(code.confirmationCodeRequired()).isTrue();
    }

    @Test
    void fullFormHasOidAndFlag() {
        ActivationCode code = ActivationCode.parse("LPA:1$smdp.example.com$TOKEN$2.999.10$1");
        assertThat(code).isEqualTo(new ActivationCode("smdp.example.com", "TOKEN", Optional.of("2.999.10"), true));
    }

    @Test
    void tokenMayBeEmptyForACardThatTheServerKnows() {
        assertThat(ActivationCode.parse("LPA:1$smdp.example.com$").matchingId()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "LPA:",
                "LPA:1",
                "LPA:1$host",
                "LPA:2$host$TOKEN",
                "LPA:1$$TOKEN",
                "LPA:1$host$token",
                "LPA:1$host$TO KEN",
                "LPA:1$host/path$TOKEN",
                "LPA:1$user@host$TOKEN",
                "LPA:1$host$TOKEN$oid",
                "LPA:1$host$TOKEN$2.999.10$2",
                "LPA:1$host$TOKEN$2.999.10$1$more"
            })
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> ActivationCode.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("not an activation code");
    }

    @Test
    void codeOfMoreThan255CharactersIsRefused() {
        assertThatThrownBy(() -> ActivationCode.parse("LPA:1$host$" + "A".repeat(250)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tokenIsNotPrinted() {
        assertThat(ActivationCode.parse("LPA:1$host$SECRET").toString()).doesNotContain("SECRET");
    }
}
