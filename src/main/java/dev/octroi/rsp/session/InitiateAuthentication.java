package dev.octroi.rsp.session;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.cert.TrustedIssuer;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** ES9+.InitiateAuthentication (SGP.22 §5.6.1). */
public final class InitiateAuthentication {
    private static final int CHALLENGE_BYTES = 16;

    private final InitiatedSessions sessions;
    private final SecureRandom random;

    /** A step that begins sessions and signs with randomness of the source. */
    public InitiateAuthentication(InitiatedSessions sessions, SecureRandom random) {
        this.sessions = requireNonNull(sessions, "sessions is null");
        this.random = requireNonNull(random, "random is null");
    }

    /**
     * What a device sends.
     *
     * @param cardChallenge 16 bytes that the server must sign
     * @param cardInfo the element BF20
     * @param address the server that the device believes to talk to
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Request(byte[] cardChallenge, Tlv cardInfo, String address) {}

    /**
     * What the device gets.
     *
     * @param session which is not kept: all it needs is in its name
     * @param serverSigned1 the element 30
     * @param serverSignature1 the element 5F37
     * @param cardIssuer the element 04 with the key identifier of the issuer that the card shall use
     * @param serverCertificate CERT.DPauth
     */
    public record Answer(
            RspSession session, Tlv serverSigned1, Tlv serverSignature1, Tlv cardIssuer, Tlv serverCertificate) {}

    /**
     * What a session begins with.
     *
     * @param credential that the server shows
     * @param issuer of the certificates that the card is to show
     */
    public record Beginning(ServerCredential credential, TrustedIssuer issuer) {}

    /**
     * Checks the request and chooses certificates.
     *
     * @throws MalformedTlvException when the card's information cannot be read
     */
    public Outcome<Beginning> choose(ServerIdentity server, Request request) throws MalformedTlvException {
        if (!server.address().equalsIgnoreCase(request.address())) {
            return Outcome.failed(GsmaStatus.ADDRESS_REFUSED);
        }
        if (request.cardChallenge().length != CHALLENGE_BYTES) {
            return Outcome.failed(GsmaStatus.INVALID_INPUT);
        }
        Tlv info = request.cardInfo().expect(0xBF20);
        if (!SpecVersion.read(info.require(0x82)).isSupported()) {
            return Outcome.failed(GsmaStatus.VERSION_UNSUPPORTED);
        }
        Optional<ServerCredential> credential = server.credentialFor(keyIds(info.require(0xA9)));
        if (credential.isEmpty()) {
            return Outcome.failed(GsmaStatus.NO_COMMON_SERVER_ISSUER);
        }
        Optional<TrustedIssuer> issuer = server.issuerFor(keyIds(info.require(0xAA)));
        if (issuer.isEmpty()) {
            return Outcome.failed(GsmaStatus.NO_COMMON_CARD_ISSUER);
        }
        return Outcome.done(new Beginning(credential.get(), issuer.get()));
    }

    /** Opens a session. */
    public Answer open(ServerIdentity server, Request request, Beginning beginning, Instant now) {
        ServerCredential credential = beginning.credential();
        TrustedIssuer issuer = beginning.issuer();
        RspSession session = sessions.begin(issuer, credential, now);
        Tlv signed = Tlv.constructed(
                0x30,
                Tlv.of(0x80, session.transactionId().bytes()),
                Tlv.of(0x81, request.cardChallenge()),
                Tlv.utf8(0x83, server.address()),
                Tlv.of(0x84, session.serverChallenge()));
        byte[] signature =
                credential.authentication().curve().sign(credential.authenticationKey(), random, signed.raw());
        return new Answer(
                session,
                signed,
                Tlv.of(0x5F37, signature),
                Tlv.of(0x04, issuer.keyIdBytes()),
                credential.authentication().element());
    }

    private static List<ByteBuffer> keyIds(Tlv list) throws MalformedTlvException {
        List<ByteBuffer> ids = new ArrayList<>();
        for (Tlv id : list.children()) {
            ids.add(ByteBuffer.wrap(id.expect(0x04).asBytes(1, 64)));
        }
        return ids;
    }
}
