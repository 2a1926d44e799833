package dev.octroi.rsp.euicc;

import dev.octroi.rsp.asn1.Tlv;
import java.security.KeyPair;
import java.security.PublicKey;
import org.jspecify.annotations.Nullable;

/** What the card remembers between the messages of one download; a new challenge begins a new one. */
final class CardSession {
    final byte[] challenge;

    /** Set by authenticateServer. */
    @Nullable
    Authenticated authenticated;

    /** Set by prepareDownload. */
    @Nullable
    Prepared prepared;

    /** Set by the first segment of the bound profile package. */
    @Nullable
    BoundPackageReader reader;

    CardSession(byte[] challenge) {
        this.challenge = challenge;
    }

    /**
     * The server has proved itself.
     *
     * @param transactionId element 80
     * @param signature euiccSignature1 with tag 5F37, which the server signs in its turn
     */
    record Authenticated(
            CardIdentity identity, Tlv transactionId, String serverAddress, String serverOid, Tlv signature) {}

    /**
     * The card is ready for a package.
     *
     * @param oneTimeKeys otSK.EUICC.ECKA and otPK.EUICC.ECKA
     */
    record Prepared(CardCurve curve, PublicKey bindingKey, KeyPair oneTimeKeys) {}
}
