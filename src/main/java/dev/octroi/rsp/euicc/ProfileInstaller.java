package dev.octroi.rsp.euicc;

import dev.octroi.rsp.asn1.ObjectId;
import dev.octroi.rsp.asn1.Tlv;
import java.util.HexFormat;

/** Ends a download: puts the profile on the card, or not, and signs the result (SGP.22 v2.5 §2.5.6). */
final class ProfileInstaller {
    /** EUICCResponse with one PEStatus "ok". */
    private static final byte[] SIMA_OK = HexFormat.of().parseHex("3007a0053003800100");

    private final VirtualEuicc card;
    private final InstalledProfiles profiles;
    private final NotificationQueue notifications;

    ProfileInstaller(VirtualEuicc card, InstalledProfiles profiles, NotificationQueue notifications) {
        this.card = card;
        this.profiles = profiles;
        this.notifications = notifications;
    }

    PendingNotification install(BoundPackageReader reader, CardSession.Authenticated server) {
        ProfileMetadata metadata = reader.metadata().orElseThrow();
        String aid = profiles.freeAid();
        profiles.add(
                metadata,
                aid,
                false,
                reader.profileBytes(),
                server.serverOid(),
                server.identity().trust().subjectKeyId());
        Tlv success = Tlv.constructed(0xA0, Tlv.of(0x4F, HexFormat.of().parseHex(aid)), Tlv.of(0x04, SIMA_OK));
        PendingNotification result = result(metadata.iccidBytes(), metadata.iccid(), server, success);
        for (NotificationRecipient recipient : metadata.notifications()) {
            // The server itself has the installation result.
            if (recipient.events().contains(CardEvent.INSTALL)
                    && !recipient.address().equalsIgnoreCase(server.serverAddress())) {
                other(CardEvent.INSTALL, recipient.address(), metadata, server.identity());
            }
        }
        return result;
    }

    PendingNotification refuse(BoundPackageReader reader, CardSession.Authenticated server, CardRefusal refusal) {
        Tlv error = Tlv.constructed(0xA1, Tlv.integer(0x80, reader.command().id()), Tlv.integer(0x81, refusal.code()));
        byte[] iccid = reader.metadata().map(ProfileMetadata::iccidBytes).orElse(new byte[0]);
        String digits = reader.metadata().map(ProfileMetadata::iccid).orElse("");
        return result(iccid, digits, server, error);
    }

    /** Queues one notification for each recipient that wants to know of the event. */
    void notifyOthers(CardEvent event, ProfileMetadata metadata, CardIdentity identity) {
        for (NotificationRecipient recipient : metadata.notifications()) {
            if (recipient.events().contains(event)) {
                other(event, recipient.address(), metadata, identity);
            }
        }
    }

    private PendingNotification result(byte[] iccidBytes, String iccid, CardSession.Authenticated server, Tlv outcome) {
        String address = server.serverAddress();
        Tlv metadata = notifications.nextMetadata(CardEvent.INSTALL, address, iccidBytes);
        Tlv data = Tlv.constructed(
                0xBF27,
                server.transactionId(),
                metadata,
                Tlv.of(0x06, new ObjectId(server.serverOid()).bytes()),
                Tlv.constructed(0xA2, outcome));
        Tlv signature = Tlv.of(0x5F37, card.sign(server.identity(), data.raw()));
        return notifications.add(CardEvent.INSTALL, address, iccid, Tlv.constructed(0xBF37, data, signature));
    }

    private void other(CardEvent event, String address, ProfileMetadata profile, CardIdentity identity) {
        Tlv metadata = notifications.nextMetadata(event, address, profile.iccidBytes());
        Tlv signature = Tlv.of(0x5F37, card.sign(identity, metadata.raw()));
        Tlv message =
                Tlv.constructed(0x30, metadata, signature, identity.euiccCertificate(), identity.eumCertificate());
        notifications.add(event, address, profile.iccid(), message);
    }
}
