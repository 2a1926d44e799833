package dev.octroi.rsp.euicc;

import dev.octroi.rsp.asn1.ObjectId;
import dev.octroi.rsp.asn1.Tlv;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** ES10b.CancelSession: the card signs why the LPA gives up (SGP.22 v2.5 §5.7.14). */
final class SessionCancellation {
    private static final int INVALID_TRANSACTION_ID = 5;
    private static final int UNDEFINED = 127;
    private static final Set<Integer> REASONS = Set.of(0, 1, 2, 3, 4, 5, UNDEFINED);

    private final VirtualEuicc card;

    SessionCancellation(VirtualEuicc card) {
        this.card = card;
    }

    /** Whether the answer means that the session is over. */
    static boolean ends(Tlv answer) {
        return answer.find(0xA0).isPresent();
    }

    Tlv answer(@Nullable CardSession session, byte[] transactionId, int reason) {
        CardSession.Authenticated server = session == null ? null : session.authenticated;
        if (server == null || !Arrays.equals(server.transactionId().value(), transactionId)) {
            return refused(INVALID_TRANSACTION_ID);
        }
        if (!REASONS.contains(reason)) {
            return refused(UNDEFINED);
        }
        Tlv signed = Tlv.constructed(
                0x30,
                server.transactionId(),
                Tlv.of(0x81, new ObjectId(server.serverOid()).bytes()),
                Tlv.integer(0x82, reason));
        Tlv signature = Tlv.of(0x5F37, card.sign(server.identity(), signed.raw()));
        return Tlv.constructed(0xBF41, Tlv.constructed(0xA0, signed, signature));
    }

    private static Tlv refused(int code) {
        return Tlv.constructed(0xBF41, Tlv.integer(0x81, code));
    }
}
