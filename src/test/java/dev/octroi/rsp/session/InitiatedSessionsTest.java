package dev.octroi.rsp.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.rsp.cert.CertificateMaker;
import dev.octroi.rsp.cert.Curve;
import dev.octroi.rsp.cert.MadeCertificate;
import dev.octroi.rsp.cert.TrustedIssuer;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The name of a session carries it from the first message to the second, and nothing that was made up does. */
class InitiatedSessionsTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Duration LIFETIME = Duration.ofMinutes(30);
    private static final long SEED = 20_261_128;

    private final InitiatedSessions sessions = sessions(1);
    private TrustedIssuer issuer;
    private ServerCredential credential;
    private ServerIdentity server;

    private static InitiatedSessions sessions(int secret) {
        byte[] bytes = new byte[16];
        bytes[0] = (byte) secret;
        return new InitiatedSessions(bytes, LIFETIME, new SecureRandom());
    }

    @BeforeEach
    void make() throws Exception {
        MadeCertificate ci = CertificateMaker.ci(Curve.P256).selfSigned();
        issuer = TrustedIssuer.of(ci.der(), null);
        credential = credential(ci);
        server = new ServerIdentity("rsp.example.com", List.of(credential(ci), credential), List.of(issuer));
    }

    private static ServerCredential credential(MadeCertificate ci) throws Exception {
        MadeCertificate auth =
                CertificateMaker.server(Curve.P256, 4, "2.999.10").issuedBy(ci);
        MadeCertificate pb = CertificateMaker.server(Curve.P256, 5, "2.999.10").issuedBy(ci);
        return ServerCredential.of(
                auth.der(), auth.keys().getPrivate(), pb.der(), pb.keys().getPrivate());
    }

    @Test
    void anotherGatewayOfTheInstallationGoesOnWithTheSession() {
        RspSession begun = sessions.begin(issuer, credential, NOW);
        RspSession read = sessions(1)
                .read(begun.transactionId(), server, NOW.plusSeconds(60))
                .orElseThrow();
        assertThat(read.serverChallenge()).isEqualTo(begun.serverChallenge()).hasSize(16);
        assertThat(read.issuerKeyId()).isEqualTo(issuer.keyId());
        assertThat(read.credentialKeyId()).isEqualTo(credential.name());
        assertThat(read.authenticated()).isEmpty();
        assertThat(sessions.end(begun)).isEqualTo(NOW.plus(LIFETIME));
    }

    @Test
    void aSessionEndsWithItsTime() {
        TransactionId name = sessions.begin(issuer, credential, NOW).transactionId();
        assertThat(sessions.read(name, server, NOW.plus(LIFETIME).minusSeconds(1)))
                .isPresent();
        assertThat(sessions.read(name, server, NOW.plus(LIFETIME))).isEmpty();
        assertThat(sessions.read(name, server, NOW.minusSeconds(601)))
                .as("a name from the future")
                .isEmpty();
    }

    /** Each of two gateways may be five minutes off the database's clock. */
    @Test
    void aSessionThatBeganAtAGatewayWhoseClockIsAheadGoesOn() {
        TransactionId name = sessions.begin(issuer, credential, NOW).transactionId();
        assertThat(sessions(1).read(name, server, NOW.minusSeconds(600))).isPresent();
    }

    @Test
    void namesAndChallengesAreNeverGivenTwice() {
        Set<ByteBuffer> seen = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            RspSession session = sessions.begin(issuer, credential, NOW);
            assertThat(seen.add(ByteBuffer.wrap(session.transactionId().bytes())))
                    .isTrue();
            assertThat(seen.add(ByteBuffer.wrap(session.serverChallenge()))).isTrue();
        }
    }

    @Test
    void aNameThatWasMadeUpOrChangedIsUnknown() {
        SplittableRandom random = new SplittableRandom(SEED);
        byte[] given = sessions.begin(issuer, credential, NOW).transactionId().bytes();
        for (int i = 0; i < 20_000; i++) {
            byte[] name = given.clone();
            if (i < 128) {
                name[i / 8] ^= (byte) (1 << i % 8);
            } else {
                random.nextBytes(name);
            }
            assertThat(sessions.read(TransactionId.of(name), server, NOW))
                    .as("seed %d, name %d", SEED, i)
                    .isEmpty();
        }
        assertThat(sessions.read(TransactionId.of(new byte[] {1, 2}), server, NOW))
                .isEmpty();
    }

    @Test
    void anotherInstallationDoesNotKnowTheName() {
        TransactionId name = sessions.begin(issuer, credential, NOW).transactionId();
        assertThat(sessions(2).read(name, server, NOW)).isEmpty();
    }

    @Test
    void retiredCertificatesGoOnAndRemovedOnesDoNot() throws Exception {
        TransactionId name = sessions.begin(issuer, credential, NOW).transactionId();
        MadeCertificate ci = CertificateMaker.ci(Curve.P256).selfSigned();
        ServerCredential other = credential(ci);
        ServerIdentity retired =
                new ServerIdentity("rsp.example.com", List.of(other), List.of(issuer), List.of(credential));
        assertThat(sessions.read(name, retired, NOW)).isPresent();
        ServerIdentity removed = new ServerIdentity("rsp.example.com", List.of(other), List.of(issuer));
        assertThat(sessions.read(name, removed, NOW)).isEmpty();
    }

    @Test
    void anIssuerThatIsNotBelievedAnyMoreIsNotTakenForAnother() throws Exception {
        TransactionId name = sessions.begin(issuer, credential, NOW).transactionId();
        TrustedIssuer another =
                TrustedIssuer.of(CertificateMaker.ci(Curve.P256).selfSigned().der(), null);
        ServerIdentity changed = new ServerIdentity("rsp.example.com", List.of(credential), List.of(another));
        RspSession read = sessions.read(name, changed, NOW).orElseThrow();
        assertThat(changed.issuer(read.issuerKeyId())).isEmpty();
    }
}
