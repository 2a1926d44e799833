package dev.octroi.rsp.order;

import java.util.Map;

/**
 * What becomes of a profile that a card could not install. Reasons that pass by themselves, or that the traveller can do
 * something about, bring it back to RELEASED, each up to a number of failures in one life of the profile; all others end
 * the order, because the next attempt would fail in the same way. Pure.
 */
final class InstallFailurePolicy {
    /** ErrorReason (SGP.22 §2.5.6) to the failures after which it is final. */
    private static final Map<Integer, Integer> PASSING = Map.of(
            3, 3, // invalidTransactionId: two downloads got mixed up on the device
            7, 3, // scp03tStructureError: damaged on its way
            8, 3, // scp03tSecurityError: the same, found by the card's check
            10, 6, // insufficientMemory: the traveller deletes a profile
            11, 6, // interruption: no power, no patience
            127, 2); // undefined: once more does no harm

    /** installFailedDueToIccidAlreadyExistsOnEuicc (SGP.22 §2.5.6). */
    private static final int ON_THE_CARD = 9;

    private InstallFailurePolicy() {}

    /**
     * The status after a failure; one that comes when the profile waits for no result changes nothing.
     *
     * @param isNewest whether it is of the last package, and the card told nothing later: a deletion before it was of an
     *     installation in an earlier life, told late
     */
    static ProfileStatus after(ProfileStatus status, int reason, boolean isNewest) {
        boolean deletedBefore =
                isNewest && status.state() == ProfileState.UNAVAILABLE && status.presence() == CardPresence.DELETED;
        if (status.state() != ProfileState.DOWNLOADED && !deletedBefore) {
            return status;
        }
        int failures = status.life().failedInstalls() + 1;
        return failures < PASSING.getOrDefault(reason, 0) ? status.returned() : status.notInstalled(detail(reason));
    }

    /** Whether the card said for good that it has no profile of this number: it failed, and not because it had one already. */
    static boolean isOffTheCard(ProfileStatus status) {
        return status.errorCause() == ErrorCause.INSTALL_FAILED
                && !detail(ON_THE_CARD).equals(status.errorDetail());
    }

    private static String detail(int reason) {
        return "install." + reason;
    }
}
