package dev.octroi.rsp.euicc;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import java.util.Arrays;

/** One run of the profile download procedure (SGP.22 v2.5 §3.1.3). */
final class LpaDownload {
    private final LpaSession session;
    private final ActivationCode code;
    private final EndUser user;

    LpaDownload(LpaSession session, ActivationCode code, EndUser user) {
        this.session = session;
        this.code = code;
        this.user = user;
    }

    DownloadReport run() throws LpaException {
        try {
            CommonAuthentication.Offer offer = new CommonAuthentication(session, code).run();
            ProfileMetadata shown = read(offer.metadata());
            consent(offer, shown);
            Tlv bound = new PackageRequest(session, offer, user).run();
            if (!Arrays.equals(offer.metadata().raw(), BoundPackageSegments.metadata(bound))) {
                session.cancel(offer.transactionId(), CancelReason.METADATA_MISMATCH);
                throw LpaSession.refused("getBoundProfilePackage", "the package has other metadata");
            }
            new PackageLoading(session).run(offer.transactionId(), bound);
            return new DownloadReport(
                    shown.iccid(),
                    shown.serviceProvider(),
                    shown.profileName(),
                    session.log().steps());
        } catch (MalformedTlvException e) {
            throw LpaSession.refused("download", "malformed: " + e.getMessage());
        }
    }

    /** Rules that the card forbids end the order; those that the user does not want are the user's refusal. */
    private void consent(CommonAuthentication.Offer offer, ProfileMetadata shown) throws LpaException {
        if (shown.rules().isEmpty()) {
            return;
        }
        if (shown.rules().stream().anyMatch(session.card().facts().forbiddenRules()::contains)) {
            session.cancel(offer.transactionId(), CancelReason.PPR_NOT_ALLOWED);
            throw LpaSession.refused("authenticateClient", "the card does not allow the profile's policy rules");
        }
        if (!user.accepts(new ProfileOffer(shown.serviceProvider(), shown.profileName(), shown.rules()))) {
            session.cancel(offer.transactionId(), CancelReason.END_USER_REJECTION);
            throw LpaSession.refused("authenticateClient", "the user did not accept the profile's policy rules");
        }
    }

    private static ProfileMetadata read(Tlv metadata) throws MalformedTlvException, LpaException {
        try {
            return ProfileMetadata.read(metadata);
        } catch (CardRefusal e) {
            throw LpaSession.refused("authenticateClient", "metadata: " + e.getMessage());
        }
    }
}
