package dev.octroi.quota.account;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;

/** What is known of the answers that a charging session was given, the newest first. */
final class KeptAnswers {
    /** The latest answers are kept, and at most as many before them that alone tell of a rating group that has no more to come. */
    static final int MAX = 8;

    private KeptAnswers() {}

    /** Those kept after another answer. */
    static List<ChargeAnswer> with(List<ChargeAnswer> kept, ChargeAnswer answer) {
        List<ChargeAnswer> all = new ArrayList<>(MAX);
        all.add(answer);
        all.addAll(kept.subList(0, Math.min(kept.size(), MAX - 1)));
        for (ChargeAnswer each : kept.subList(all.size() - 1, kept.size())) {
            if (all.size() < 2 * MAX && tellsOfMore(each, all)) {
                all.add(each);
            }
        }
        return all;
    }

    private static boolean tellsOfMore(ChargeAnswer answer, List<ChargeAnswer> later) {
        for (VolumeGrant grant : answer.grants()) {
            if (hasNoMoreToCome(grant) && later.stream().noneMatch(each -> each.isAbout(grant.ratingGroup()))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a rating group still waits after another answer: one that is refused or was given the last there is, or was before
     * and is not in the answer. What is not kept any more is taken to wait, because one notification too many does no harm.
     *
     * @param waited whether one did before
     */
    static boolean waits(List<ChargeAnswer> kept, boolean waited, ChargeAnswer answer) {
        if (answer.grants().stream().anyMatch(KeptAnswers::hasNoMoreToCome)) {
            return true;
        }
        if (!waited) {
            return false;
        }
        Set<Long> waiting = waitingGroups(kept);
        boolean isForgotten = waiting.isEmpty();
        answer.grants().forEach(grant -> waiting.remove(grant.ratingGroup()));
        return isForgotten || !waiting.isEmpty();
    }

    /** Whether another rating group waits than those that give back the last there was: they did not want it. */
    static boolean waitBeside(List<ChargeAnswer> kept, Set<Long> returned) {
        return waitingGroups(kept).isEmpty()
                || !groups(
                                kept,
                                (answer, grant) -> isRefused(grant)
                                        || (grant.isFinal() && !returned.contains(grant.ratingGroup())))
                        .isEmpty();
    }

    /** The rating groups that had no more to come when they last asked, as far as answers are kept. */
    private static Set<Long> waitingGroups(List<ChargeAnswer> kept) {
        return groups(kept, (answer, grant) -> hasNoMoreToCome(grant));
    }

    /** The rating groups that were given something when they last asked, which is still valid, as far as answers are kept. */
    static Set<Long> granted(List<ChargeAnswer> kept, Instant now) {
        return groups(kept, (answer, grant) -> now.isBefore(answer.at().plusSeconds(grant.validitySeconds())));
    }

    /** Whether an answer that is kept grants what may not be used any more, and no later one is about that rating group. */
    static boolean grantsOutdated(List<ChargeAnswer> kept, ChargeAnswer answer, boolean nothingPasses, Instant now) {
        List<ChargeAnswer> later = kept.subList(0, Math.max(0, kept.indexOf(answer)));
        for (VolumeGrant grant : answer.grants()) {
            boolean isOver = nothingPasses || !now.isBefore(answer.at().plusSeconds(grant.validitySeconds()));
            if (grant.result() == VolumeGrant.Result.SUCCESS
                    && isOver
                    && later.stream().noneMatch(each -> each.isAbout(grant.ratingGroup()))) {
                return true;
            }
        }
        return false;
    }

    /** Those whose latest grant is so. */
    private static Set<Long> groups(List<ChargeAnswer> kept, BiPredicate<ChargeAnswer, VolumeGrant> isSo) {
        Set<Long> groups = new HashSet<>();
        Set<Long> later = new HashSet<>();
        for (ChargeAnswer each : kept) {
            for (VolumeGrant grant : each.grants()) {
                if (later.add(grant.ratingGroup()) && isSo.test(each, grant)) {
                    groups.add(grant.ratingGroup());
                }
            }
        }
        return groups;
    }

    /** Who uses up the last there is does not ask again (RFC 8506 §5.6): it has to be told when there is more. */
    private static boolean hasNoMoreToCome(VolumeGrant grant) {
        return isRefused(grant) || grant.isFinal();
    }

    private static boolean isRefused(VolumeGrant grant) {
        return grant.result() == VolumeGrant.Result.QUOTA_LIMIT_REACHED;
    }
}
