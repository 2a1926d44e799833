package dev.octroi.rsp.order;

import java.util.Locale;

/** What became of a reset. */
public sealed interface ResetOutcome {
    /**
     * The profile may be downloaded from now on.
     *
     * @param change to be passed to {@link Resets#committed} after the commit
     * @param profile as it is now, but for its version
     */
    record Done(ProfileChange change, ProfileRow profile) implements ResetOutcome {}

    /** The tenant has no such profile here. */
    record Unknown() implements ResetOutcome {}

    /** Nothing was changed. */
    record Refused(Reason reason) implements ResetOutcome {}

    /** Why a reset is refused. */
    enum Reason {
        /** A card has it. */
        ON_A_CARD("The profile is installed on a device; delete it there first, or replace it"),
        /** The installation does not give deleted profiles out again. */
        DELETED_FOR_GOOD("The profile was deleted from its device and is not used again; order another one"),
        /** Taken out of use. */
        UNAVAILABLE("The profile is taken out of use; order another one"),
        /** There never was anything to download. */
        NOT_RELEASED("The profile was never released for download; confirm and release it first"),
        /** The end of the order is past. */
        EXPIRY_NEEDED("The time to download is over; give a new end that is to come, or none"),
        /** Another SM-DP+ has it. */
        ELSEWHERE("The profile is kept by another SM-DP+, which alone can reset it"),
        /** Neither a code nor a card would lead to it. */
        CODE_NEEDED("Without its reservation nobody could fetch the profile; ask for a new code as well");

        private final String sentence;

        Reason(String sentence) {
            this.sentence = sentence;
        }

        /** The stable word of APIs. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** One sentence, fit for a problem's detail. */
        public String sentence() {
            return sentence;
        }

        /** Whether another request could succeed, in the state that the profile is in. */
        public boolean isOfTheRequest() {
            return this == EXPIRY_NEEDED || this == CODE_NEEDED;
        }
    }
}
