package dev.octroi.rsp.session;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.ObjectId;
import dev.octroi.rsp.asn1.Tlv;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** ES9+.CancelSession (SGP.22 §5.6.5). */
public final class CancelSession {
    private CancelSession() {}

    /** Why a session is cancelled, with the status that the operator is told. */
    @SuppressWarnings("ImmutableEnumChecker")
    public enum Reason {
        /** The traveller said no. */
        END_USER_REJECTION(0, true, "8.8.5", "3.8"),
        /** The traveller said later. */
        POSTPONED(1, false, "8.8.5", "3.8"),
        /** The traveller said nothing. */
        TIMEOUT(2, false, "8.8.5", "3.8"),
        /** The device does not allow the policy rules of the profile. */
        RULES_NOT_ALLOWED(3, true, "8.2.8", "1.2"),
        /** The package carries other metadata than the offer. */
        METADATA_MISMATCH(4, true, "8.2.9", "3.11"),
        /** The package could not be loaded. */
        LOAD_ERROR(5, true, "8.2.10", "4.2"),
        /** Any other reason. */
        UNDEFINED(127, true, "8", "4.2");

        private final int code;
        private final boolean terminal;
        private final GsmaStatus status;

        Reason(int code, boolean terminal, String subjectCode, String reasonCode) {
            this.code = code;
            this.terminal = terminal;
            this.status = GsmaStatus.of(subjectCode, reasonCode, "cancel." + name().toLowerCase(Locale.ROOT));
        }

        /** Whether the order ends with it; otherwise the profile waits for the next attempt. */
        public boolean isTerminal() {
            return terminal;
        }

        /** What the operator is told. */
        public GsmaStatus status() {
            return status;
        }

        /** Unknown codes of newer versions count as undefined. */
        static Reason ofCode(int code) {
            return Arrays.stream(values())
                    .filter(reason -> reason.code == code)
                    .findFirst()
                    .orElse(UNDEFINED);
        }
    }

    /**
     * Verifies the cancellation.
     *
     * @param oid of this server
     * @param response the element BF41
     * @throws MalformedTlvException when it cannot be read
     */
    public static Outcome<Reason> verify(RspSession session, TransactionId transactionId, ObjectId oid, Tlv response)
            throws MalformedTlvException {
        response.expect(0xBF41);
        Optional<RspSession.AuthenticatedCard> card = session.authenticated();
        if (card.isEmpty()) {
            return Outcome.failed(GsmaStatus.TRANSACTION_UNKNOWN);
        }
        Optional<Tlv> ok = response.find(0xA0);
        if (ok.isEmpty()) {
            return Outcome.failed(GsmaStatus.SIGNATURE_INVALID);
        }
        Tlv signed = ok.get().require(0x30);
        if (!AuthenticateClient.names(signed, transactionId)) {
            return Outcome.failed(GsmaStatus.TRANSACTION_UNKNOWN);
        }
        if (!card.get().signed(ok.get().require(0x5F37), signed.raw())) {
            return Outcome.failed(GsmaStatus.SIGNATURE_INVALID);
        }
        if (!ObjectId.ofBytes(signed.require(0x81).value()).equals(oid)) {
            return Outcome.failed(GsmaStatus.SERVER_OID_MISMATCH);
        }
        return Outcome.done(Reason.ofCode(signed.require(0x82).asInt()));
    }
}
