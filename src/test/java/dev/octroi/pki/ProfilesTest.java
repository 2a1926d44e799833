package dev.octroi.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code certs/profiles.yaml} and what is really issued say the same. */
class ProfilesTest {
    private static final Map<String, Integer> USAGE = Map.of("digitalSignature", 0, "keyCertSign", 5, "cRLSign", 6);

    @TempDir
    static Path folder;

    private static JsonNode profiles;
    private static DevPki pki;

    @BeforeAll
    static void issue() throws Exception {
        profiles = new YAMLMapper().readTree(Path.of("certs/profiles.yaml").toFile());
        pki = DevPki.ensure(folder, Clock.systemUTC(), new SecureRandom());
    }

    @Test
    void authoritiesFollowTheirProfile() throws Exception {
        for (TrustDomain domain : TrustDomain.values()) {
            assertThat(profiles.path("domains").has(domain.label()))
                    .as(domain.label())
                    .isTrue();
            for (String which : List.of("root", "issuing")) {
                JsonNode profile = profiles.path("authorities").path(which);
                X509Certificate certificate = certificate(folder.resolve(domain.label() + "/" + which + ".pem"));
                assertCommon(certificate, profile);
                assertThat(certificate.getBasicConstraints())
                        .isEqualTo(profile.path("pathLength").intValue());
            }
        }
    }

    @Test
    void leavesFollowTheirProfile() throws Exception {
        for (Map.Entry<LeafProfile, TlsFiles> leaf : Map.of(
                        LeafProfile.SERVER, pki.operatorServer(), LeafProfile.CLIENT, pki.callbackClient())
                .entrySet()) {
            JsonNode profile = profiles.path("leaves").path(leaf.getKey().label());
            X509Certificate certificate = certificate(leaf.getValue().chain());
            assertCommon(certificate, profile);
            assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
            assertThat(certificate.getExtendedKeyUsage())
                    .containsExactly(profile.path("extendedKeyUsage").textValue());
            assertThat(certificate.getSubjectAlternativeNames()).isNotEmpty();
        }
        assertThat(certificate(pki.callbackClient().chain())
                        .getSubjectAlternativeNames()
                        .toString())
                .contains("spiffe://operator.octroi.test/gateway-client");
    }

    @Test
    void keysAreForTheirOwnerOnly() throws Exception {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> keys =
                    files.filter(file -> file.toString().endsWith(".key")).toList();
            assertThat(keys)
                    .hasSize(13)
                    .allSatisfy(key -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void secondStartKeepsEverything() throws Exception {
        Map<Path, String> before = contents();
        DevPki.ensure(folder, Clock.systemUTC(), new SecureRandom());
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void certificateAboutToExpireIsRenewedWithItsKey(@TempDir Path other) throws Exception {
        Clock start = Clock.systemUTC();
        DevPki first = DevPki.ensure(other, start, new SecureRandom());
        X509Certificate old =
                certificate(first.domain(TrustDomain.NETWORK).client("core").chain());
        DevPki later = DevPki.ensure(other, Clock.offset(start, Duration.ofDays(21)), new SecureRandom());
        X509Certificate renewed =
                certificate(later.domain(TrustDomain.NETWORK).client("core").chain());
        assertThat(renewed.getSerialNumber()).isNotEqualTo(old.getSerialNumber());
        assertThat(renewed.getPublicKey()).isEqualTo(old.getPublicKey());
    }

    @Test
    void domainWithoutItsRootKeyIsLeftAlone(@TempDir Path other) throws Exception {
        DevPki.ensure(other, Clock.systemUTC(), new SecureRandom());
        Files.delete(other.resolve("operator/root.key"));
        Files.delete(other.resolve("operator/issuing.key"));
        byte[] chain = Files.readAllBytes(other.resolve("operator/leaves/gateway.pem"));
        DevPki later = DevPki.ensure(other, Clock.offset(Clock.systemUTC(), Duration.ofDays(29)), new SecureRandom());
        assertThat(Files.readAllBytes(later.operatorServer().chain())).isEqualTo(chain);
        assertThatThrownBy(() -> later.domain(TrustDomain.OPERATOR).client("new"))
                .hasMessageContaining("issued elsewhere");
        assertThatThrownBy(() -> later.domain(TrustDomain.OPERATOR).revoke(DevPki.GATEWAY))
                .hasMessageContaining("issued elsewhere");
    }

    private static void assertCommon(X509Certificate certificate, JsonNode profile) {
        boolean[] usage = certificate.getKeyUsage();
        List<Integer> set = Stream.iterate(0, bit -> bit + 1)
                .limit(usage.length)
                .filter(bit -> usage[bit])
                .toList();
        List<Integer> expected = Stream.iterate(0, i -> i + 1)
                .limit(profile.path("keyUsage").size())
                .map(i -> USAGE.get(profile.path("keyUsage").get(i).textValue()))
                .toList();
        assertThat(set).isEqualTo(expected);
        assertThat(Duration.between(
                                certificate.getNotBefore().toInstant(),
                                certificate.getNotAfter().toInstant())
                        .toDays())
                .isEqualTo(profile.path("lifeDays").longValue());
        assertThat(certificate.getSigAlgName()).isEqualTo("SHA256withECDSA");
        assertThat(certificate.getVersion()).isEqualTo(3);
    }

    private static Map<Path, String> contents() throws Exception {
        try (Stream<Path> files = Files.walk(folder)) {
            Map<Path, String> contents = new java.util.TreeMap<>();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(file, Files.readString(file));
            }
            return contents;
        }
    }

    private static X509Certificate certificate(Path file) throws Exception {
        return PemFile.certificates(PemFile.read(file)).getFirst();
    }
}
