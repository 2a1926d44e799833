package dev.octroi.rsp.notification;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.ObjectId;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.bound.NotificationEvent;
import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.rsp.session.TransactionId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A PendingNotification (SGP.22 §5.6.4) as read; nothing of it is proven before its signature is. */
public sealed interface CardNotification {
    /** The whole element as received. */
    Tlv element();

    /** The card's number for it: grows with each notification of the card. */
    long sequenceNumber();

    /** The profile, when the card names it. */
    Optional<Iccid> iccid();

    /** The element that the card signed. */
    Tlv signedPart();

    /** The element 5F37. */
    Tlv signature();

    /**
     * How the installation of a package ended (ProfileInstallationResult, BF37).
     *
     * @param transactionId of the session that made the package
     * @param serverOid the server that the card believes to have loaded from
     * @param failure why it failed; empty when the profile is installed
     */
    record InstallationResult(
            Tlv element,
            long sequenceNumber,
            Optional<Iccid> iccid,
            Tlv signedPart,
            Tlv signature,
            TransactionId transactionId,
            ObjectId serverOid,
            Optional<InstallFailure> failure)
            implements CardNotification {
        public InstallationResult {
            requireNonNull(transactionId, "transactionId is null");
        }
    }

    /**
     * A profile was enabled, disabled or deleted (OtherSignedNotification).
     *
     * @param event what happened
     * @param cardCertificate CERT.EUICC
     * @param manufacturerCertificate CERT.EUM
     * @param otherCertificates further authorities of a newer chain (otherCertsInChain)
     */
    record StateChange(
            Tlv element,
            long sequenceNumber,
            Optional<Iccid> iccid,
            Tlv signedPart,
            Tlv signature,
            NotificationEvent event,
            Tlv cardCertificate,
            Tlv manufacturerCertificate,
            List<Tlv> otherCertificates)
            implements CardNotification {
        public StateChange {
            requireNonNull(event, "event is null");
        }
    }

    /**
     * Why the card did not install a package.
     *
     * @param command the command of the package that failed, 0 to 5 (BppCommandId)
     * @param reason the code of ErrorReason
     */
    record InstallFailure(int command, int reason) {
        /** As operators hear of it, with the card's reason as detail. */
        public GsmaStatus status() {
            String detail = "install." + reason;
            return switch (reason) {
                case 9 -> GsmaStatus.of("8.2.1", "3.3", detail);
                case 10 -> GsmaStatus.of("8.1", "4.8", detail);
                case 13 -> GsmaStatus.of("8.2.9", "3.11", detail);
                case 15 -> GsmaStatus.of("8.2.8", "1.2", detail);
                default -> GsmaStatus.of("8.2.10", "4.2", detail);
            };
        }
    }

    /**
     * Reads a notification; empty when it is one of a newer version, of which nothing is known here.
     *
     * @throws MalformedTlvException when it is none
     */
    static Optional<CardNotification> read(Tlv element) throws MalformedTlvException {
        return switch (element.tag()) {
            case 0xBF37 -> Optional.of(installationResult(element));
            case 0x30 -> stateChange(element);
            // LoadRpmPackageResult of SGP.22 v3.
            case 0xBF44 -> Optional.empty();
            default -> throw new MalformedTlvException("no notification");
        };
    }

    private static CardNotification installationResult(Tlv element) throws MalformedTlvException {
        Tlv data = element.require(0xBF27);
        Tlv metadata = data.require(0xBF2F);
        Optional<Tlv> error = data.require(0xA2).find(0xA1);
        Optional<InstallFailure> failure = Optional.empty();
        if (error.isPresent()) {
            failure = Optional.of(new InstallFailure(
                    error.get().require(0x80).asInt(), error.get().require(0x81).asInt()));
        } else {
            data.require(0xA2).require(0xA0);
        }
        return new InstallationResult(
                element,
                sequenceNumber(metadata),
                iccid(metadata),
                data,
                element.require(0x5F37),
                TransactionId.of(data.require(0x80).asBytes(1, 16)),
                ObjectId.ofBytes(data.require(0x06).value()),
                failure);
    }

    private static Optional<CardNotification> stateChange(Tlv element) throws MalformedTlvException {
        List<Tlv> parts = element.children();
        if (parts.size() < 4) {
            throw new MalformedTlvException("a signed notification has four parts");
        }
        Tlv metadata = parts.get(0).expect(0xBF2F);
        Set<NotificationEvent> events =
                NotificationEvent.decode(metadata.require(0x81).value());
        if (events.size() != 1) {
            return Optional.empty();
        }
        return Optional.of(new StateChange(
                element,
                sequenceNumber(metadata),
                iccid(metadata),
                metadata,
                parts.get(1).expect(0x5F37),
                events.iterator().next(),
                parts.get(2).expect(0x30),
                parts.get(3).expect(0x30),
                element.find(0xA1).map(Tlv::children).orElse(List.of())));
    }

    private static long sequenceNumber(Tlv metadata) throws MalformedTlvException {
        long number = metadata.require(0x80).asLong();
        if (number < 0) {
            throw new MalformedTlvException("negative sequence number");
        }
        return number;
    }

    private static Optional<Iccid> iccid(Tlv metadata) throws MalformedTlvException {
        Optional<Tlv> field = metadata.find(0x5A);
        return field.isPresent() ? Optional.of(Iccid.ofEf(field.get().value())) : Optional.empty();
    }
}
