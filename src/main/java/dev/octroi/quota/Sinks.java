package dev.octroi.quota;

import static java.util.Objects.requireNonNull;

import dev.octroi.quota.account.Effect;

/**
 * The features that keep consequences of decisions beyond the account itself.
 *
 * @param network policy callbacks: one outbox row for each decision
 * @param sessions notifications to the consumers of charging sessions
 * @param events webhooks and the event feed
 * @param counters notifications to those who subscribed to policy counters
 * @param audit the audit log
 * @param alarms drain alarms and their cases
 * @param answers answers to drain alarms
 * @param committed called after a commit that wrote for network, sessions, events or counters: there is something to send
 */
public record Sinks(
        Sink<Effect.PolicyDecided> network,
        Sink<Effect.SessionNotice> sessions,
        Sink<Effect.EventRaised> events,
        Sink<Effect.CountersMoved> counters,
        Sink<Effect.AuditRow> audit,
        Sink<Effect.AlarmRaised> alarms,
        Sink<Effect.AlarmAnswered> answers,
        Runnable committed) {
    public Sinks {
        requireNonNull(network, "network is null");
        requireNonNull(sessions, "sessions is null");
        requireNonNull(events, "events is null");
        requireNonNull(counters, "counters is null");
        requireNonNull(audit, "audit is null");
        requireNonNull(alarms, "alarms is null");
        requireNonNull(answers, "answers is null");
        requireNonNull(committed, "committed is null");
    }
}
