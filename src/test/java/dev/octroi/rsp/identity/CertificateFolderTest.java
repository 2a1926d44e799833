package dev.octroi.rsp.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.rsp.cert.CertificateMaker;
import dev.octroi.rsp.cert.Curve;
import dev.octroi.rsp.cert.MadeCertificate;
import dev.octroi.rsp.cert.RevocationListMaker;
import dev.octroi.rsp.cert.Revocations.Freshness;
import dev.octroi.rsp.session.ServerCredential;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CertificateFolderTest {
    private static final String DP = "2.999.10";
    private static final String DP2 = "2.999.12";
    private static final String AUTH = "DPauth/CERT_S_SM_DPauth_ECDSA_NIST.der";
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    private Path directory;

    private final Instant now = Instant.now();
    private PublishedFolder published;

    @BeforeEach
    void lay() throws Exception {
        published = new PublishedFolder(directory);
    }

    private LoadedIdentity load(Optional<String> oid) throws Exception {
        return new CertificateFolder(directory).load(oid, DP, Duration.ofDays(1), now);
    }

    private LoadedIdentity load() throws Exception {
        return load(Optional.empty());
    }

    private void assertRefused(String complaint) {
        assertThatThrownBy(this::load)
                .isInstanceOf(UnusableCertificatesException.class)
                .hasMessageContaining(complaint);
    }

    private static void assertPaired(ServerCredential credential) {
        byte[] data = {1, 2, 3};
        Curve curve = credential.authentication().curve();
        assertThat(curve.verify(
                        credential.authentication().key(),
                        curve.sign(credential.authenticationKey(), RANDOM, data),
                        data))
                .isTrue();
        Curve binding = credential.bindingCurve();
        assertThat(binding.verify(
                        credential.binding().key(), binding.sign(credential.bindingKey(), RANDOM, data), data))
                .isTrue();
    }

    @Test
    void thePublishedSetWorksAsItIs() throws Exception {
        LoadedIdentity loaded = load();
        assertThat(loaded.oid()).isEqualTo(DP);
        assertThat(loaded.issuers()).as("one for each key").hasSize(2);
        assertThat(loaded.issuers())
                .as("the root of 2020 stands for its key")
                .allSatisfy(
                        issuer -> assertThat(issuer.certificate().notAfter()).isEqualTo("2055-04-01T08:27:51Z"));
        assertThat(loaded.credentials())
                .extracting(ServerCredential::bindingCurve)
                .containsExactlyInAnyOrder(Curve.values());
        loaded.credentials().forEach(CertificateFolderTest::assertPaired);
        assertThat(loaded.tls())
                .hasValueSatisfying(
                        tls -> assertThat(tls.certificate().isValidAt(now)).isTrue());
        assertThat(loaded.notes()).isEmpty();
    }

    @Test
    void theServerIsChosenByItsIdentifier() throws Exception {
        LoadedIdentity loaded = load(Optional.of(DP2));
        assertThat(loaded.credentials())
                .hasSize(2)
                .allSatisfy(credential -> assertThat(credential.oid().dotted()).isEqualTo(DP2));
        assertThat(loaded.tls().orElseThrow().certificate().registeredId()).contains(DP2);
    }

    @Test
    void theOnlyServerWithAllThreeKeysIsChosen() throws Exception {
        published.remove("DPtls/SK_S_SM_DP_TLS_NIST.pem");
        assertThat(load().oid()).isEqualTo(DP2);
    }

    @Test
    void ofSeveralUnusualServersOneHasToBeNamed() throws Exception {
        assertThatThrownBy(
                        () -> new CertificateFolder(directory).load(Optional.empty(), "2.999.99", Duration.ZERO, now))
                .isInstanceOf(UnusableCertificatesException.class)
                .hasMessageContaining("choose with rsp.oid: 2.999.10, 2.999.12");
        assertThatThrownBy(() -> load(Optional.of("2.999.99")))
                .hasMessageContaining("no DPauth and DPpb certificates with their keys for the server 2.999.99");
    }

    @Test
    void aSetWithoutTlsSaysSo() throws Exception {
        published.remove("DPtls/CERT_S_SM_DP_TLS_NIST.der");
        published.remove("DPtls/SK_S_SM_DP2_TLS_NIST.pem");
        LoadedIdentity loaded = load();
        assertThat(loaded.tls()).isEmpty();
        assertThat(loaded.notes()).singleElement().asString().contains("valid only from 2020");
    }

    @ParameterizedTest
    @EnumSource(Curve.class)
    void keysOfEveryFormAreRead(Curve curve) throws Exception {
        KeyPair keys = curve.generate(RANDOM);
        byte[] pkcs8 = keys.getPrivate().getEncoded();
        for (byte[] form : List.of(
                PublishedFolder.key(curve, keys, true),
                PublishedFolder.key(curve, keys, false),
                PublishedFolder.pem("PRIVATE KEY", pkcs8),
                pkcs8)) {
            FileParser parser = new FileParser();
            assertThat(parser.take(form)).isTrue();
            assertThat(parser.keys()).singleElement().satisfies(key -> {
                assertThat(key.curve()).isEqualTo(curve);
                assertThat(key.point()).isEqualTo(curve.point((ECPublicKey) keys.getPublic()));
            });
        }
    }

    @Test
    void aCertificateWithoutItsKeyIsRefused() throws Exception {
        published.remove("DPpb/SK_S_SM_DPpb_ECDSA_BRP.pem");
        assertThatThrownBy(() -> load(Optional.of(DP)))
                .isInstanceOf(UnusableCertificatesException.class)
                .hasMessageContaining("role DP_PB, for it is without its key");
    }

    @Test
    void aHalfWrittenFileIsRefusedByName() throws Exception {
        byte[] whole = Files.readAllBytes(directory.resolve(AUTH));
        published.put(AUTH, Arrays.copyOf(whole, whole.length / 2));
        assertRefused("cannot be read to its end: " + AUTH);
        published.put(AUTH, whole);
        byte[] key = Files.readAllBytes(directory.resolve("DPauth/SK_S_SM_DPauth_ECDSA_NIST.pem"));
        published.put("DPauth/SK_S_SM_DPauth_ECDSA_NIST.pem", Arrays.copyOf(key, key.length / 2));
        assertRefused("SK_S_SM_DPauth_ECDSA_NIST.pem");
    }

    private void replaceAuth(CertificateMaker maker, MadeCertificate issuer) throws Exception {
        MadeCertificate made = maker.issuedBy(issuer);
        published.put(AUTH, made.der());
        published.put("DPauth/SK_S_SM_DPauth_ECDSA_NIST.pem", PublishedFolder.key(Curve.P256, made.keys(), true));
    }

    private static CertificateMaker auth() {
        return CertificateMaker.server(Curve.P256, 4, DP);
    }

    @Test
    void aCertificateThatHasEndedTakesItsCiOnlyAndTheLastOneIsRefused() throws Exception {
        replaceAuth(auth().valid(now.minusSeconds(9_000), now.minusSeconds(60)), published.root(Curve.P256));
        assertServedAlone(Curve.BRAINPOOL_P256R1, "role DP_AUTH, for it is valid only from");
        removeBrainpool();
        assertRefused("role DP_AUTH, for it is valid only from");
    }

    @Test
    void aCertificateThatHasNotBegunIsRefused() throws Exception {
        replaceAuth(auth().valid(now.plusSeconds(60), now.plusSeconds(9_000)), published.root(Curve.P256));
        assertRefused("role DP_AUTH, for it is valid only from");
    }

    @Test
    void aCertificateThatHasEndedBesideOneWithoutItsKeyIsRefused() throws Exception {
        replaceAuth(auth().valid(now.minusSeconds(9_000), now.minusSeconds(60)), published.root(Curve.P256));
        published.put("renewed.der", auth().issuedBy(published.root(Curve.P256)).der());
        assertRefused("without its key");
    }

    private void assertServedAlone(Curve curve, String over) throws Exception {
        LoadedIdentity loaded = load();
        assertThat(loaded.credentials())
                .singleElement()
                .satisfies(credential -> assertThat(credential.bindingCurve()).isEqualTo(curve));
        assertThat(loaded.issuers()).hasSize(2);
        assertThat(loaded.over())
                .singleElement()
                .satisfies(each -> assertThat(each.why()).contains(over));
    }

    private void removeBrainpool() throws Exception {
        for (String role : List.of("auth", "pb")) {
            published.remove("DP%s/SK_S_SM_DP%s_ECDSA_BRP.pem".formatted(role, role));
            published.remove("DP%s/CERT_S_SM_DP%s_ECDSA_BRP.der".formatted(role, role));
        }
    }

    @Test
    void aCertificateThatItsCiDidNotSignIsRefused() throws Exception {
        MadeCertificate root = published.root(Curve.P256);
        KeyPair other = Curve.P256.generate(RANDOM);
        replaceAuth(auth().authorityKeyIdOf(root), new MadeCertificate(root.der(), other, root.subject()));
        assertRefused("role DP_AUTH, for it is not signed by its CI");
    }

    @Test
    void aRevokedCertificateOfOursTakesItsCiOnlyAndTheLastOneIsRefused() throws Exception {
        MadeCertificate root = published.root(Curve.P256);
        MadeCertificate made = auth().issuedBy(root);
        published.put(AUTH, made.der());
        published.put("DPauth/SK_S_SM_DPauth_ECDSA_NIST.pem", PublishedFolder.key(Curve.P256, made.keys(), true));
        published.put(
                "CRL-A.crl", RevocationListMaker.of(root, now).revoke(made).der());
        assertServedAlone(Curve.BRAINPOOL_P256R1, "role DP_AUTH, for it is revoked");
        removeBrainpool();
        assertRefused("role DP_AUTH, for it is revoked");
    }

    @Test
    void ofSeveralCertificatesTheYoungestInDateIsChosen() throws Exception {
        MadeCertificate younger =
                auth().valid(now.minusSeconds(60), now.plusSeconds(9_000)).issuedBy(published.root(Curve.P256));
        MadeCertificate coming =
                auth().valid(now.plusSeconds(60), now.plusSeconds(9_000)).issuedBy(published.root(Curve.P256));
        for (MadeCertificate each : List.of(younger, coming)) {
            String name = "renewed" + each.hashCode();
            published.put(name + ".pem", PublishedFolder.pem("CERTIFICATE", each.der()));
            published.put(name + ".key", PublishedFolder.key(Curve.P256, each.keys(), true));
        }
        LoadedIdentity before = load();
        assertThat(before.credentials())
                .anySatisfy(credential ->
                        assertThat(credential.authentication().der()).isEqualTo(younger.der()));
        LoadedIdentity later =
                new CertificateFolder(directory).load(Optional.empty(), DP, Duration.ZERO, now.plusSeconds(120));
        assertThat(later.hash()).isEqualTo(before.hash());
        assertThat(later.isSameAs(before)).as("time alone chose another").isFalse();
    }

    @Test
    void revocationListsGoToTheirIssuer() throws Exception {
        byte[] list = RevocationListMaker.of(published.root(Curve.BRAINPOOL_P256R1), now)
                .der();
        published.put("some.crl", PublishedFolder.pem("X509 CRL", list));
        assertThat(load().issuers())
                .allSatisfy(issuer -> assertThat(issuer.revocations().freshnessAt(now))
                        .isEqualTo(issuer.certificate().curve() == Curve.P256 ? Freshness.UNLISTED : Freshness.FRESH));
    }

    @Test
    void aDamagedRevocationListOfOurIssuerIsRefused() throws Exception {
        byte[] list = RevocationListMaker.of(published.root(Curve.P256), now).der();
        list[list.length - 3] ^= 1;
        published.put("some.crl", list);
        assertRefused("the revocation list is not signed by its issuer");
    }

    @Test
    void hiddenFilesOfMountedSecretsAreNotReadTwice() throws Exception {
        String before = load().hash();
        published.put(
                "..2026_11_28/broken.pem",
                "-----BEGIN CERTIFICATE-----".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(load().hash()).isEqualTo(before);
    }

    @Test
    void anEmptyFolderSaysWhatIsMissing(@TempDir Path empty) {
        assertThatThrownBy(() -> new CertificateFolder(empty).load(Optional.empty(), DP, Duration.ZERO, now))
                .isInstanceOf(UnusableCertificatesException.class)
                .hasMessageContaining("no CI certificate that is in date");
    }
}
