package dev.octroi.quota.account;

import static java.util.Objects.requireNonNull;

import dev.octroi.drain.Verdict;
import dev.octroi.policy.Level;
import dev.octroi.policy.Policy;
import dev.octroi.policy.Restriction;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One consequence of a decision, written in the same transaction as the account. */
public sealed interface Effect {
    /**
     * A row of the ledger.
     *
     * @param record what was reported
     * @param deltaBytes what it adds to the account's use, 0 or more
     * @param upBytes part of it sent by the device
     * @param downBytes part of it received by the device
     * @param zone zone id or country
     * @param chargedBytes part of it that is charged
     * @param chargedMinor the amount, in minor units of the plan's currency
     */
    record LedgerRow(
            UsageRecord record,
            long deltaBytes,
            long upBytes,
            long downBytes,
            String zone,
            long chargedBytes,
            long chargedMinor)
            implements Effect {}

    /**
     * A record was counted into a time that is closed.
     *
     * @param kind which
     * @param takenBytes what it took of what that time left
     * @param beyondBytes what it used beyond
     */
    record LateCounted(Late kind, long takenBytes, long beyondBytes) implements Effect {
        public LateCounted {
            requireNonNull(kind, "kind is null");
        }
    }

    /**
     * Bytes for the hourly sums that charts, rules and simulations read.
     *
     * @param hour first moment of the hour, UTC
     */
    record HourlyUsage(Instant hour, String zone, String category, String plmn, long upBytes, long downBytes)
            implements Effect {}

    /** A session's counters moved. */
    record SessionMoved(String session, SessionMark mark) implements Effect {}

    /**
     * A cause appeared, changed or is gone.
     *
     * @param id the restriction
     * @param restriction what it is now; null: it is gone
     * @param ruleVersion version of the owner's rules that it comes from; 0: it comes from no rule
     * @param inputs what was known then, for "why was it slow?"
     */
    record RestrictionMoved(
            String id, @Nullable Restriction restriction, long ruleVersion, Map<String, Object> inputs, Instant at)
            implements Effect {
        public RestrictionMoved {
            inputs = Map.copyOf(inputs);
        }
    }

    /**
     * The policy changed: exactly one row for the network in the same transaction.
     *
     * @param before what held
     * @param after what holds, numbered one higher
     * @param inputs what it was derived from, for "why is it slow?"
     * @param byClock whether it changed because time passed, as that of many others may at the same moment
     */
    record PolicyDecided(Policy before, Policy after, Map<String, Object> inputs, Instant at, boolean byClock)
            implements Effect {
        public PolicyDecided {
            inputs = Map.copyOf(inputs);
        }
    }

    /**
     * Something to tell: the reseller's webhook, the event feed, the traveller's page.
     *
     * @param type dotted name, for example {@code usage.threshold_reached}
     * @param data members of the event's data; strings, numbers and booleans
     */
    record EventRaised(String type, Map<String, Object> data, Instant at) implements Effect {
        public EventRaised {
            data = Map.copyOf(data);
        }
    }

    /**
     * Data drains away: a case opens or grows.
     *
     * @param action what the plan made of it: {@code notify}, {@code throttle} or {@code suspend}
     * @param recent the account's use when it was raised, for the evidence
     */
    record AlarmRaised(Verdict.Alarm alarm, String action, Map<String, Object> recent, Instant at) implements Effect {
        /** In {@link #recent}: whether data had been held for the same incident, and that had run out. */
        public static final String HOLD_HAD_RUN_OUT = "holdHadRunOut";

        /** In {@link #recent}: whether it is told as it is told once a day for as long as it goes on. */
        public static final String TOLD_AGAIN = "toldAgain";
        /** In {@link #recent}: whether it went on after the traveller had removed what drained. */
        public static final String WENT_ON = "wentOn";

        public AlarmRaised {
            recent = Map.copyOf(recent);
        }
    }

    /**
     * A person said whether an incident was meant.
     *
     * @param incident its number within the subscription
     */
    record AlarmAnswered(int incident, boolean meant, Actor actor, Instant at) implements Effect {
        public AlarmAnswered {
            requireNonNull(actor, "actor is null");
        }
    }

    /**
     * A change over many subscriptions was applied to the account, or taken back.
     *
     * @param state how far it is now
     * @param levelBefore what held before it was applied; null where it is taken back
     * @param trace what undoing it needs; null where there is nothing to undo
     */
    record ChangeItem(
            long changeId,
            ItemState state,
            @Nullable Level levelBefore,
            @Nullable ChangeTrace trace,
            Instant at) implements Effect {
        public ChangeItem {
            requireNonNull(state, "state is null");
        }
    }

    /**
     * The consumer of a charging session has to hear that something changed for it.
     *
     * @param session the session's number
     * @param partnerId whose session it is
     * @param version counts the notifications of the session from 1
     * @param call what it has to do
     */
    record SessionNotice(long session, long partnerId, long version, Call call, Instant at) implements Effect {
        public SessionNotice {
            requireNonNull(call, "call is null");
        }

        /** What the consumer of a session has to do. */
        public enum Call {
            ASK_AGAIN,
            /** End it, unless the suspension that it is for was lifted before it could be told: it asks again then. */
            END_WHILE_SUSPENDED,
            /** End it, unless it was used before it could be told: it asks again then. */
            END_WHILE_SILENT,
            /** End it, whatever the account's policy is by then. */
            END
        }
    }

    /**
     * A policy counter of the account (3GPP TS 29.594) may have another status than before, or another pending one.
     *
     * @param over whether the plan has ended with it: subscriptions to the counters end, too
     */
    record CountersMoved(boolean over, Instant at) implements Effect {
        public CountersMoved {
            requireNonNull(at, "at is null");
        }
    }

    /**
     * A change for the audit log.
     *
     * @param action dotted verb, for example {@code account.top_up}
     * @param reason the words given, when the command had some
     * @param details members kept with it; no identifier of a subscriber or device
     */
    record AuditRow(Actor actor, String action, @Nullable String reason, Map<String, Object> details, Instant at)
            implements Effect {
        public AuditRow {
            requireNonNull(actor, "actor is null");
            details = Map.copyOf(details);
        }
    }
}
