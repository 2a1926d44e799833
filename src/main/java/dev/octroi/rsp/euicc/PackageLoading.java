package dev.octroi.rsp.euicc;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.euicc.LpaException.Source;
import java.util.List;
import java.util.Optional;

/** Hands the package to the card in segments and tells the server how it ended (SGP.22 v2.5 §3.1.3.3). */
final class PackageLoading {
    private static final String STEP = "LoadBoundProfilePackage";

    private final LpaSession session;

    PackageLoading(LpaSession session) {
        this.session = session;
    }

    void run(byte[] transactionId, Tlv bound) throws LpaException, MalformedTlvException {
        List<byte[]> segments = BoundPackageSegments.cut(bound);
        session.log().begin(STEP);
        for (byte[] segment : segments) {
            Optional<PendingNotification> result = session.card().loadSegment(segment);
            if (result.isPresent()) {
                finish(result.get(), segments.size());
                return;
            }
        }
        session.cancel(transactionId, CancelReason.LOAD_BPP_EXECUTION_ERROR);
        throw new LpaException(Source.CARD, STEP, "no result after the last segment");
    }

    private void finish(PendingNotification result, int segmentCount) throws LpaException, MalformedTlvException {
        Tlv outcome = result.message().require(0xBF27).require(0xA2);
        if (outcome.find(0xA0).isPresent()) {
            session.log().done(STEP, segmentCount + " segments, installed");
            return;
        }
        session.log().done(STEP, "card refuses the package");
        Tlv error = outcome.require(0xA1);
        throw new LpaException(
                Source.CARD,
                STEP,
                "command %d, reason %d: %s"
                        .formatted(
                                error.require(0x80).asInt(),
                                error.require(0x81).asInt(),
                                session.card().lastRefusal().orElse("")));
    }
}
