package dev.octroi.quota;

import dev.octroi.quota.account.Effect;
import java.util.ArrayList;
import java.util.List;

/** The effects of a batch by their kind, in the order of its accounts: found in one walk, because most kinds are rare. */
final class BatchEffects {
    private final List<Sink.Addressed<Effect.LedgerRow>> ledger = new ArrayList<>();
    private final List<Sink.Addressed<Effect.LateCounted>> late = new ArrayList<>();
    private final List<Sink.Addressed<Effect.SessionMoved>> sessions = new ArrayList<>();
    private final List<Sink.Addressed<Effect.RestrictionMoved>> restrictions = new ArrayList<>();
    private final List<Sink.Addressed<Effect.PolicyDecided>> decisions = new ArrayList<>();
    private final List<Sink.Addressed<Effect.EventRaised>> events = new ArrayList<>();
    private final List<Sink.Addressed<Effect.AlarmRaised>> alarms = new ArrayList<>();
    private final List<Sink.Addressed<Effect.AlarmAnswered>> answers = new ArrayList<>();
    private final List<Sink.Addressed<Effect.ChangeItem>> items = new ArrayList<>();
    private final List<Sink.Addressed<Effect.SessionNotice>> notices = new ArrayList<>();
    private final List<Sink.Addressed<Effect.CountersMoved>> counters = new ArrayList<>();
    private final List<Sink.Addressed<Effect.AuditRow>> audit = new ArrayList<>();

    /** @param changes in the order in which they are written */
    BatchEffects(List<Change> changes) {
        for (Change change : changes) {
            for (Effect effect : change.effects()) {
                sort(change, effect);
            }
        }
    }

    private void sort(Change change, Effect effect) {
        switch (effect) {
            case Effect.LedgerRow row -> ledger.add(of(change, row));
            // They are added up with their account's, when it is decided.
            case Effect.HourlyUsage hour -> {}
            case Effect.LateCounted counted -> late.add(of(change, counted));
            case Effect.SessionMoved moved -> sessions.add(of(change, moved));
            case Effect.RestrictionMoved moved -> restrictions.add(of(change, moved));
            case Effect.PolicyDecided decided -> decisions.add(of(change, decided));
            case Effect.EventRaised raised -> events.add(of(change, raised));
            case Effect.AlarmRaised raised -> alarms.add(of(change, raised));
            case Effect.AlarmAnswered answered -> answers.add(of(change, answered));
            case Effect.ChangeItem item -> items.add(of(change, item));
            case Effect.SessionNotice notice -> notices.add(of(change, notice));
            case Effect.CountersMoved moved -> counters.add(of(change, moved));
            case Effect.AuditRow row -> audit.add(of(change, row));
        }
    }

    private static <E extends Effect> Sink.Addressed<E> of(Change change, E effect) {
        return new Sink.Addressed<>(change.after().key(), change.after().subscriptionId(), effect);
    }

    List<Sink.Addressed<Effect.LedgerRow>> ledger() {
        return ledger;
    }

    List<Sink.Addressed<Effect.LateCounted>> late() {
        return late;
    }

    List<Sink.Addressed<Effect.SessionMoved>> sessions() {
        return sessions;
    }

    List<Sink.Addressed<Effect.RestrictionMoved>> restrictions() {
        return restrictions;
    }

    List<Sink.Addressed<Effect.PolicyDecided>> decisions() {
        return decisions;
    }

    List<Sink.Addressed<Effect.EventRaised>> events() {
        return events;
    }

    List<Sink.Addressed<Effect.AlarmRaised>> alarms() {
        return alarms;
    }

    List<Sink.Addressed<Effect.AlarmAnswered>> answers() {
        return answers;
    }

    List<Sink.Addressed<Effect.ChangeItem>> items() {
        return items;
    }

    List<Sink.Addressed<Effect.SessionNotice>> notices() {
        return notices;
    }

    List<Sink.Addressed<Effect.CountersMoved>> counters() {
        return counters;
    }

    List<Sink.Addressed<Effect.AuditRow>> audit() {
        return audit;
    }

    /** Whether anything is among them that somebody else has to be told. */
    boolean tellSomebody() {
        return !decisions.isEmpty() || !events.isEmpty() || !notices.isEmpty() || !counters.isEmpty();
    }
}
