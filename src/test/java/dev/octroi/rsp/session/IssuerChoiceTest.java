package dev.octroi.rsp.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.cert.CertificateMaker;
import dev.octroi.rsp.cert.Curve;
import dev.octroi.rsp.cert.MadeCertificate;
import dev.octroi.rsp.cert.TrustedIssuer;
import dev.octroi.rsp.session.InitiateAuthentication.Answer;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which of several issuers a session is about (SGP.22 v2.5 §5.6.1): the card's order decides, on either curve. */
class IssuerChoiceTest {
    private static final String ADDRESS = "smdp.example.com";

    private final List<ServerCredential> credentials = new ArrayList<>();
    private final List<TrustedIssuer> issuers = new ArrayList<>();
    private final byte[] stranger = new byte[20];
    private byte[] nist;
    private byte[] brainpool;
    private ServerIdentity server;

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    private final InitiatedSessions sessions =
            new InitiatedSessions(new byte[16], Duration.ofMinutes(30), new SecureRandom());

    @BeforeEach
    void make() throws Exception {
        nist = issuer(Curve.P256);
        brainpool = issuer(Curve.BRAINPOOL_P256R1);
        server = new ServerIdentity(ADDRESS, credentials, issuers);
    }

    private byte[] issuer(Curve curve) throws Exception {
        MadeCertificate ci = CertificateMaker.ci(curve).selfSigned();
        MadeCertificate auth = CertificateMaker.server(curve, 4, "2.999.10").issuedBy(ci);
        MadeCertificate pb = CertificateMaker.server(curve, 5, "2.999.10").issuedBy(ci);
        TrustedIssuer issuer = TrustedIssuer.of(ci.der(), null);
        issuers.add(issuer);
        credentials.add(ServerCredential.of(
                auth.der(), auth.keys().getPrivate(), pb.der(), pb.keys().getPrivate()));
        return issuer.keyIdBytes();
    }

    private static Tlv list(int tag, byte[]... ids) {
        return Tlv.constructed(
                tag, Arrays.stream(ids).map(id -> Tlv.of(0x04, id)).toList());
    }

    private Outcome<Answer> open(Tlv verification, Tlv signing) throws Exception {
        Tlv info = Tlv.constructed(0xBF20, Tlv.of(0x82, new byte[] {2, 5, 0}), verification, signing);
        InitiateAuthentication step = new InitiateAuthentication(sessions, new SecureRandom());
        InitiateAuthentication.Request request = new InitiateAuthentication.Request(new byte[16], info, ADDRESS);
        return switch (step.choose(server, request)) {
            case Outcome.Done<InitiateAuthentication.Beginning> chosen ->
                Outcome.done(step.open(server, request, chosen.value(), NOW));
            case Outcome.Failed<InitiateAuthentication.Beginning> refused -> Outcome.failed(refused.status());
        };
    }

    private void assertChosen(Curve curve, byte[] cardIssuer, Tlv verification, Tlv signing) throws Exception {
        Answer answer = ((Outcome.Done<Answer>) open(verification, signing)).value();
        assertThat(answer.cardIssuer().value()).isEqualTo(cardIssuer);
        ServerCredential used =
                server.credential(answer.session().credentialKeyId()).orElseThrow();
        assertThat(used.bindingCurve()).isEqualTo(curve);
        assertThat(answer.serverCertificate().raw())
                .isEqualTo(used.authentication().der());
        assertThat(curve.verify(
                        used.authentication().key(),
                        answer.serverSignature1().value(),
                        answer.serverSigned1().raw()))
                .isTrue();
    }

    @Test
    void theFirstOfTheCardsIssuersThatWeHaveIsUsed() throws Exception {
        assertChosen(Curve.P256, nist, list(0xA9, nist, brainpool), list(0xAA, nist, brainpool));
        assertChosen(
                Curve.BRAINPOOL_P256R1, brainpool, list(0xA9, stranger, brainpool, nist), list(0xAA, brainpool, nist));
    }

    @Test
    void theIssuerOfTheCardMayBeAnotherThanOurs() throws Exception {
        assertChosen(Curve.P256, brainpool, list(0xA9, nist), list(0xAA, stranger, brainpool));
    }

    @Test
    void theIssuerOfTheCardIsTheFirstThatItCanSignUnder() throws Exception {
        assertChosen(Curve.P256, brainpool, list(0xA9, nist, brainpool), list(0xAA, brainpool, nist));
    }

    @Test
    void withoutACommonIssuerTheStatusSaysOnWhichSide() throws Exception {
        assertThat(open(list(0xA9, stranger), list(0xAA, nist)))
                .isEqualTo(Outcome.failed(GsmaStatus.NO_COMMON_SERVER_ISSUER));
        assertThat(open(list(0xA9, nist), list(0xAA, stranger)))
                .isEqualTo(Outcome.failed(GsmaStatus.NO_COMMON_CARD_ISSUER));
    }

    @Test
    void aSessionOfBeforeNamesItsCredentialByTheIssuerAlone() {
        assertThat(server.credential(ByteBuffer.wrap(brainpool)))
                .hasValueSatisfying(
                        credential -> assertThat(credential.bindingCurve()).isEqualTo(Curve.BRAINPOOL_P256R1));
        assertThat(server.credential(ByteBuffer.wrap(stranger))).isEmpty();
    }
}
