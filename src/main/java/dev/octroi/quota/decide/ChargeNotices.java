package dev.octroi.quota.decide;

import dev.octroi.policy.Level;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.ChargeCommand;
import dev.octroi.quota.account.ChargingSession;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.Reply;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds out which charging sessions have to hear that something changed for them. */
final class ChargeNotices {
    private ChargeNotices() {}

    /** What was before a command, for {@link #tell}. */
    record Before(
            long policyVersion,
            Level level,
            long totalBytes,
            long freeBytes,
            @Nullable String zone) {
        static Before of(Draft draft) {
            return new Before(
                    draft.policy().version(),
                    draft.policy().level(),
                    draft.totalBytes(),
                    ChargeGrants.freeBytes(draft),
                    draft.charges.zone());
        }
    }

    /**
     * Tells the consumers of sessions that something changed for them: new volume or another policy lets them ask again, a
     * suspension ends them. Who sent the command knows already, as far as its rating groups were in the message.
     */
    static void tell(Draft draft, Before before, AccountCommand command, Reply reply) {
        if (draft.charging.isEmpty()) {
            return;
        }
        boolean nothingPasses = draft.policy().level().compareTo(Level.SUSPENDED_DATA) >= 0;
        boolean isSuspended =
                nothingPasses && before.level().compareTo(Level.SUSPENDED_DATA) < 0 && !ChargeGrants.isUsedUp(draft);
        boolean changed = draft.policy().version() != before.policyVersion()
                || draft.totalBytes() > before.totalBytes()
                || !Objects.equals(draft.charges.zone(), before.zone());
        boolean freed = !nothingPasses && ChargeGrants.freeBytes(draft) > Math.max(0, before.freeBytes());
        Effect.SessionNotice.Call call =
                isSuspended ? Effect.SessionNotice.Call.END_WHILE_SUSPENDED : Effect.SessionNotice.Call.ASK_AGAIN;
        for (ChargingSession session : List.copyOf(draft.charging.values())) {
            if (!session.open() || session.isBarred() || session.notifyTo() == null) {
                continue;
            }
            ChargeCommand own = answered(session, command, reply);
            boolean waits = own == null ? session.waiting() : session.waitsBeside(own);
            if ((freed && waits) || (changed && (own == null || concernsMore(draft, session, own)))) {
                send(draft, session.noticed(), call);
            }
        }
    }

    /** The message of a session that was answered just now; null where it is another's, was answered before, or refused. */
    private static @Nullable ChargeCommand answered(ChargingSession session, AccountCommand command, Reply reply) {
        return command instanceof ChargeCommand charge
                        && reply instanceof Reply.Charged charged
                        && !charged.again()
                        && charged.charged().session() == session.number()
                ? charge
                : null;
    }

    /**
     * Whether a change concerns rating groups that a message of their session said nothing of: where nothing is granted any
     * more those that hold something, else any.
     */
    private static boolean concernsMore(Draft draft, ChargingSession session, ChargeCommand own) {
        return draft.policy().level().compareTo(Level.SUSPENDED_DATA) >= 0
                ? session.holdsBeside(own, draft.now)
                : session.hasBeside(own);
    }

    /** Tells the consumer of a session that is silent to end it; nothing is promised to it any more. */
    static void end(Draft draft, ChargingSession session) {
        send(draft, session.ending(draft.now), Effect.SessionNotice.Call.END_WHILE_SILENT);
    }

    /** Cuts a session of a lost SIM off: what was promised to it is given back, and its consumer is told to end it. */
    static void bar(Draft draft, ChargingSession session) {
        send(draft, session.barred(), Effect.SessionNotice.Call.END);
    }

    /** @param session as it is once its consumer was told, where it is open and somebody listens */
    private static void send(Draft draft, ChargingSession session, Effect.SessionNotice.Call call) {
        draft.charging.put(session.number(), session);
        if (session.open() && session.notifyTo() != null) {
            draft.effects.add(new Effect.SessionNotice(
                    session.number(), session.partnerId(), session.notices(), call, draft.now));
        }
    }
}
