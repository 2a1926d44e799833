package dev.octroi.quota.decide;

import dev.octroi.quota.account.ChargingSession;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How many charging sessions an account has. Where one is too many, one that is over gives way first, then the open one that
 * was silent for longest and holds nothing: its consumer is told to end it, and what it reports last is counted still.
 */
final class SessionRoom {
    /** Sessions of one account at a time. */
    static final int MAX_SESSIONS = 16;
    /** Sessions beside them whose consumers were told to end them. */
    static final int MAX_ENDING = 16;

    private SessionRoom() {}

    /** Makes room for one more; false when all hold something. */
    static boolean make(Draft draft) {
        while (draft.charging.values().stream().filter(each -> !each.isToEnd()).count() >= MAX_SESSIONS) {
            ChargingSession over = oldest(draft, each -> !each.open());
            ChargingSession idle = oldest(
                    draft,
                    each -> each.open() && !each.isToEnd() && each.grants().isEmpty());
            if (over != null) {
                draft.charging.remove(over.number());
            } else if (idle != null) {
                ChargeNotices.end(draft, idle);
            } else {
                return false;
            }
        }
        while (draft.charging.size() >= MAX_SESSIONS + MAX_ENDING) {
            ChargingSession ending = oldest(draft, ChargingSession::isToEnd);
            if (ending == null) {
                return false;
            }
            draft.charging.remove(ending.number());
        }
        return true;
    }

    private static @Nullable ChargingSession oldest(Draft draft, Predicate<ChargingSession> kind) {
        ChargingSession oldest = null;
        for (ChargingSession each : draft.charging.values()) {
            if (kind.test(each) && (oldest == null || each.touchedAt().isBefore(oldest.touchedAt()))) {
                oldest = each;
            }
        }
        return oldest;
    }
}
