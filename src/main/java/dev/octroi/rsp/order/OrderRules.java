package dev.octroi.rsp.order;

import dev.octroi.rsp.bound.ProfileMetadata.PolicyRule;
import dev.octroi.rsp.session.DeviceFacts;
import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.rsp.type.ProfileType;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Whether a card may have a profile (SGP.22 §5.6.3, eligibility and order). Pure. */
final class OrderRules {
    private OrderRules() {}

    /** What the rules said. */
    sealed interface Admission {
        /** The card may have the profile. */
        record Admitted() implements Admission {}

        /**
         * The card may not have it.
         *
         * @param status for the device
         * @param terminal how the order ends with it; empty when it goes on
         */
        record Refused(GsmaStatus status, Optional<ErrorCause> terminal) implements Admission {}
    }

    /**
     * Looks at order, counters and eligibility.
     *
     * @param cardIndex keyed hash of the EID
     * @param facts what card and device say of themselves
     * @param type of the profile: its package must fit on the card, in a format that the card reads
     */
    static Admission admit(ProfileRow profile, ByteBuffer cardIndex, DeviceFacts facts, ProfileType type, Instant now) {
        ProfileStatus status = profile.status();
        Optional<GsmaStatus> wrongState = refusalByState(status);
        if (wrongState.isPresent()) {
            return refused(wrongState.get());
        }
        if (status.card() != null && !status.card().index().equals(cardIndex)) {
            return refused(GsmaStatus.EID_REFUSED);
        }
        Instant end = profile.limits().expiresAt();
        if (end != null && !now.isBefore(end)) {
            return new Admission.Refused(GsmaStatus.ORDER_EXPIRED, Optional.of(ErrorCause.EXPIRED));
        }
        if (status.downloads() >= profile.limits().downloads()) {
            return new Admission.Refused(GsmaStatus.ATTEMPTS_EXCEEDED, Optional.of(ErrorCause.DOWNLOAD_LIMIT));
        }
        return eligibility(facts, type);
    }

    private static Optional<GsmaStatus> refusalByState(ProfileStatus status) {
        return switch (status.state()) {
            case RELEASED, DOWNLOADED -> Optional.empty();
            case AVAILABLE, ALLOCATED, LINKED, CONFIRMED -> Optional.of(GsmaStatus.PROFILE_NOT_RELEASED);
            case INSTALLED, UNAVAILABLE -> Optional.of(GsmaStatus.MATCHING_ID_REFUSED);
            case ERROR -> Optional.of(statusOf(status.errorCause()));
        };
    }

    private static GsmaStatus statusOf(@Nullable ErrorCause cause) {
        if (cause == ErrorCause.DOWNLOAD_LIMIT) {
            return GsmaStatus.ATTEMPTS_EXCEEDED;
        }
        return cause == ErrorCause.EXPIRED ? GsmaStatus.ORDER_EXPIRED : GsmaStatus.MATCHING_ID_REFUSED;
    }

    private static Admission eligibility(DeviceFacts facts, ProfileType type) {
        if (!facts.supportsUsim()
                || facts.profileMajorVersion() < type.template().facts().majorVersion()
                || type.terms().policyRules().stream().anyMatch(rule -> isForbidden(facts, rule))) {
            return refused(GsmaStatus.NOT_ELIGIBLE);
        }
        OptionalLong free = facts.freeMemoryBytes();
        if (free.isPresent() && free.getAsLong() < type.packageBytes()) {
            return refused(GsmaStatus.MEMORY_INSUFFICIENT);
        }
        return new Admission.Admitted();
    }

    /** A device that forbids a rule cancels the download, which ends the order: it is refused before, and another may come. */
    private static boolean isForbidden(DeviceFacts facts, PolicyRule rule) {
        return (facts.forbiddenRules() & rule.bit()) != 0;
    }

    private static Admission refused(GsmaStatus status) {
        return new Admission.Refused(status, Optional.empty());
    }
}
