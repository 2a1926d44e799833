package dev.octroi.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ActivationCodeTest {

    @Test
    void textFollowsSgp22() {
        assertThat(new ActivationCode("smdp.example.com", "K9W2-7QX4", false).text())
                .isEqualTo("LPA:1$smdp.example.com$K9W2-7QX4");
        assertThat(new ActivationCode("smdp.example.com", "K9W2-7QX4", true).text())
                .isEqualTo("LPA:1$smdp.example.com$K9W2-7QX4$$1");
    }

    @Test
    void linksCarryTheCodeRawAndEncoded() {
        InstallLinks links = InstallLinks.of(new ActivationCode("smdp.example.com", "K9W2", false));
        assertThat(links.ios())
                .isEqualTo("https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=LPA:1$smdp.example.com$K9W2");
        assertThat(links.android())
                .startsWith("https://esimsetup.android.com/")
                .endsWith("=LPA:1$smdp.example.com$K9W2");
        assertThat(links.iosEncoded()).endsWith("=LPA%3A1%24smdp.example.com%24K9W2");
        assertThat(links.androidEncoded()).endsWith("=LPA%3A1%24smdp.example.com%24K9W2");
    }

    @Test
    void neverPrintsItself() {
        ActivationCode code = new ActivationCode("smdp.example.com", "K9W2-7QX4", false);
        assertThat(code.toString()).doesNotContain("K9W2").doesNotContain("smdp");
        assertThat(InstallLinks.of(code).toString()).doesNotContain("K9W2");
    }

    @Test
    void separatorsCannotBeSmuggledIn() {
        assertThatThrownBy(() -> new ActivationCode("smdp.example.com$X", "K9W2", false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("smdp.example.com");
        assertThatThrownBy(() -> new ActivationCode("smdp.example.com", "K9$W2", false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("K9");
    }
}
