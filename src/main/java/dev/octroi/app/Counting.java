package dev.octroi.app;

import dev.octroi.audit.AuditLog;
import dev.octroi.callback.event.EventLog;
import dev.octroi.callback.outbox.Outbox;
import dev.octroi.charging.SpendingNotices;
import dev.octroi.drain.DrainDetector;
import dev.octroi.quota.AccountReader;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.HeldVolumeJob;
import dev.octroi.quota.Populations;
import dev.octroi.quota.RestrictionLogJob;
import dev.octroi.quota.TickJob;
import dev.octroi.quota.account.Late;
import dev.octroi.quota.decide.Decider;
import dev.octroi.rollout.ChangeRules;
import dev.octroi.rollout.PolicyChanges;
import dev.octroi.rollout.RolloutJob;
import dev.octroi.support.Alarms;
import dev.octroi.support.BlockLists;
import dev.octroi.support.Cases;
import dev.octroi.usage.KnownSubscribers;
import dev.octroi.usage.LocationIntake;
import dev.octroi.usage.QuarantineJob;
import dev.octroi.usage.UsageIntake;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;

/** Counting and policy: the one write path, what reads it, and what settles its disputes. */
record Counting(
        Accounts accounts,
        AccountReader reader,
        TickJob ticks,
        HeldVolumeJob held,
        RestrictionLogJob forgetting,
        KnownSubscribers subscribers,
        UsageIntake intake,
        QuarantineJob quarantined,
        LocationIntake locations,
        Cases cases,
        BlockLists blockLists,
        Populations populations,
        PolicyChanges changes,
        RolloutJob rollouts) {

    /**
     * @param spending hears of policy counters that may have moved
     * @param nudge called after commits that left something to send
     */
    static Counting open(Ground ground, Settings settings, SpendingNotices spending, Runnable nudge) {
        Populations populations = new Populations(ground.vertx(), ground.database(), ground.clock());
        BlockLists blockLists = new BlockLists(ground.vertx(), ground.database());
        Accounts accounts = new Accounts(
                ground.vertx(),
                ground.database(),
                new Decider(
                        DrainDetector.shipped(),
                        populations,
                        blockLists,
                        settings.usage().dwell(),
                        settings.usage().latenessHorizon()),
                new Consequences(ground.ids())
                        .sinks(new Outbox(), new EventLog(), new Alarms(), new AuditLog(), spending, nudge),
                ground.clock(),
                ground.clockWatch(),
                settings.usage().lanes());
        meterLate(accounts, ground.metrics().registry());
        ChangeRules rules = rules(settings);
        PolicyChanges changes = new PolicyChanges(rules, new AuditLog(), new EventLog(), ground.ids(), ground.clock());
        KnownSubscribers subscribers = new KnownSubscribers(ground.database());
        return new Counting(
                accounts,
                new AccountReader(
                        ground.database(),
                        ground.clock(),
                        populations,
                        settings.usage().latenessHorizon()),
                new TickJob(ground.vertx(), ground.database(), accounts, ground.clock(), ground.clockWatch()),
                new HeldVolumeJob(ground.vertx(), ground.database(), ground.clock(), ground.clockWatch()),
                new RestrictionLogJob(ground.vertx(), ground.database(), ground.clock(), ground.clockWatch()),
                subscribers,
                new UsageIntake(
                        ground.database(),
                        Optional.of(subscribers),
                        accounts,
                        ground.index(),
                        ground.clock(),
                        settings.usage().latenessHorizon(),
                        ground.metrics().registry()),
                new QuarantineJob(
                        ground.vertx(),
                        ground.database(),
                        accounts,
                        ground.clock(),
                        settings.usage().latenessHorizon()),
                new LocationIntake(
                        ground.database(), Optional.of(subscribers), accounts, ground.index(), ground.clock()),
                new Cases(ground.database(), accounts, new AuditLog(), new EventLog(), ground.ids(), ground.clock()),
                blockLists,
                populations,
                changes,
                new RolloutJob(
                        ground.vertx(),
                        ground.database(),
                        accounts,
                        changes,
                        rules,
                        ground.clock(),
                        ground.clockWatch()));
    }

    private static void meterLate(Accounts accounts, MeterRegistry registry) {
        for (Late kind : Late.values()) {
            FunctionCounter.builder("octroi.usage.late", accounts.late(), late -> late.records(kind))
                    .tag("period", kind.word())
                    .register(registry);
        }
    }

    /** Where no policy is sent to a network, none waits for its confirmation. */
    private static ChangeRules rules(Settings settings) {
        Settings.ChangeSettings changes = settings.changes();
        return new ChangeRules(
                changes.approvalAbove(),
                changes.approvalLife(),
                settings.callback().networkUrl().isPresent() ? changes.undeliveredAfter() : Duration.ZERO);
    }
}
