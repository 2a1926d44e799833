package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.session.GsmaStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What another SM-DP+ tells of a profile, and what follows for its state. Pure.
 *
 * @param iccid the profile
 * @param eid the card, when it is told
 * @param step what happened
 * @param refusal why it failed; null when it succeeded
 * @param sequence the card's number of its notification, -1 when there was none
 * @param at when, by the clock of the other server
 */
public record ExternalProgress(
        Iccid iccid,
        @Nullable Eid eid,
        ProfileStep step,
        @Nullable GsmaStatus refusal,
        long sequence,
        Instant at) {
    public ExternalProgress {
        requireNonNull(iccid, "iccid is null");
        requireNonNull(step, "step is null");
        requireNonNull(at, "at is null");
    }

    /** The same for each telling of the same thing, whatever identifier its call has. */
    String fingerprint() {
        return step.text() + "|" + refusal + "|" + sequence + "|" + at;
    }

    /** Whether the step changes whether the card has the profile, and how. */
    boolean isOfTheCard() {
        return switch (step) {
            case INSTALLED, ENABLED, DISABLED, DELETED -> true;
            case ORDERED, CONFIRMED, REVOKED, RELEASED, AUTHENTICATED, CONFIRMATION, DOWNLOADED, CANCELLED, RESET ->
                false;
        };
    }

    /**
     * The status after this; the same object when nothing follows. An order that was taken back is over; a profile that its
     * card deleted may be installed again where its server allows it.
     */
    ProfileStatus after(ProfileStatus status) {
        if (status.state() == ProfileState.UNAVAILABLE
                && (status.presence() != CardPresence.DELETED || refusal != null)) {
            return status;
        }
        return refusal == null ? succeeded(status) : failed(status, refusal);
    }

    private ProfileStatus succeeded(ProfileStatus status) {
        return switch (step) {
            case DOWNLOADED -> isBeforeDownload(status) ? status.withState(ProfileState.DOWNLOADED) : status;
            case INSTALLED -> installed(status);
            case ENABLED -> onCard(status, ProfileState.INSTALLED, CardPresence.ENABLED);
            case DISABLED -> onCard(status, ProfileState.INSTALLED, CardPresence.DISABLED);
            case DELETED -> onCard(status, ProfileState.UNAVAILABLE, CardPresence.DELETED);
            case ORDERED, CONFIRMED, REVOKED, RELEASED, AUTHENTICATED, CONFIRMATION, CANCELLED, RESET -> status;
        };
    }

    /** A number that is new is of a new installation; without one, only what was not on the card is installed. */
    private ProfileStatus installed(ProfileStatus status) {
        return sequence < 0 && status.state() == ProfileState.INSTALLED
                ? status
                : onCard(status, ProfileState.INSTALLED, CardPresence.NONE);
    }

    /** Numbers grow on the card; where one is told, the newest says how things are. */
    private ProfileStatus onCard(ProfileStatus status, ProfileState state, CardPresence presence) {
        if (sequence >= 0 && sequence <= status.lastSequence()) {
            return status;
        }
        return status.withState(state).onCard(presence, Math.max(sequence, status.lastSequence()));
    }

    private ProfileStatus failed(ProfileStatus status, GsmaStatus reason) {
        if (status.state() == ProfileState.INSTALLED || status.state() == ProfileState.ERROR) {
            return status;
        }
        if (step == ProfileStep.INSTALLED) {
            return status.failed(ErrorCause.INSTALL_FAILED, detail(reason));
        }
        return switch (reason.toString()) {
            case "8.8.5/6.4" -> status.failed(ErrorCause.DOWNLOAD_LIMIT, detail(reason));
            case "8.2.7/6.4" -> status.failed(ErrorCause.CONFIRMATION_LIMIT, detail(reason));
            case "8.8.5/4.10" -> status.failed(ErrorCause.EXPIRED, detail(reason));
            default -> status;
        };
    }

    private static boolean isBeforeDownload(ProfileStatus status) {
        return switch (status.state()) {
            case AVAILABLE, ALLOCATED, LINKED, CONFIRMED, RELEASED -> true;
            case DOWNLOADED, INSTALLED, ERROR, UNAVAILABLE -> false;
        };
    }

    private static String detail(GsmaStatus reason) {
        return "told by the SM-DP+: " + reason;
    }
}
