package dev.octroi.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartnerTrustTest {
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    Path folder;

    @Test
    void listOfOneDomainThatCannotBeReadFreezesNoOther() throws Exception {
        DevPki pki = DevPki.ensure(folder, CLOCK, new SecureRandom());
        Path download = folder.resolve("es2.crl");
        Files.copy(folder.resolve("sm-dp/root.crl"), download);
        PartnerTrust trust = PartnerTrust.load(
                List.of(
                        new PartnerTrust.Source(
                                TrustDomain.SM_DP,
                                pki.domain(TrustDomain.SM_DP).rootFile(),
                                List.of(download, folder.resolve("sm-dp/issuing.crl"))),
                        pki.trust(TrustDomain.NETWORK).getFirst()),
                CLOCK);
        List<X509Certificate> core = chain(pki, TrustDomain.NETWORK, "core");
        List<X509Certificate> other = chain(pki, TrustDomain.SM_DP, "other");
        assertThat(trust.check(core)).isInstanceOf(PartnerTrust.Verdict.Trusted.class);

        Files.writeString(download, "");
        pki.domain(TrustDomain.NETWORK).revoke("core");
        assertThatThrownBy(trust::reload).isInstanceOf(GeneralSecurityException.class);

        assertThat(trust.check(core)).isInstanceOf(PartnerTrust.Verdict.Refused.class);
        assertThat(trust.check(other))
                .as("by the list that was last good")
                .isInstanceOf(PartnerTrust.Verdict.Trusted.class);
        assertThat(trust.due()).hasSize(4);
    }

    @Test
    void listsMayBeAsAuthoritiesPublishThemAndOneThatIsNoneIsNamed() throws Exception {
        DevPki pki = DevPki.ensure(folder, CLOCK, new SecureRandom());
        Path der = folder.resolve("issuing.der");
        Files.write(
                der,
                PemFile.crl(PemFile.read(folder.resolve("sm-dp/issuing.crl"))).getEncoded());
        PartnerTrust.Source source = new PartnerTrust.Source(
                TrustDomain.SM_DP,
                pki.domain(TrustDomain.SM_DP).rootFile(),
                List.of(folder.resolve("sm-dp/root.crl"), der));
        PartnerTrust trust = PartnerTrust.load(List.of(source), CLOCK);
        assertThat(trust.check(chain(pki, TrustDomain.SM_DP, "other")))
                .isInstanceOf(PartnerTrust.Verdict.Trusted.class);

        Files.writeString(der, "<html>");
        assertThatThrownBy(() -> PartnerTrust.load(List.of(source), CLOCK)).hasMessageContaining(der.toString());
    }

    private static List<X509Certificate> chain(DevPki pki, TrustDomain domain, String name) throws Exception {
        return PemFile.certificates(PemFile.read(pki.domain(domain).client(name).chain()));
    }
}
