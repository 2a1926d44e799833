package dev.octroi.quota.decide;

import dev.octroi.db.PublicId;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Bucket;
import dev.octroi.quota.account.ChargeCommand;
import dev.octroi.quota.account.ChargingSession;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.Grant;
import dev.octroi.quota.account.Refusal;
import dev.octroi.quota.account.Reply;
import dev.octroi.quota.account.Share;
import dev.octroi.quota.account.UsageRecord;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The accounts that spend one volume while their commands are being decided. Volume, period and charges are the owner's and are
 * lent to whoever acts; place, device, rules, drain detection, windows and policy are each member's own. See
 * docs/adr/0038-shared-accounts.md.
 */
final class SharedDrafts {
    private static final Reply SHARES_ALREADY =
            new Reply.Refused(Refusal.NOT_ALLOWED, "It shares a volume already, or did so before.");

    private final Instant now;
    private final Draft owner;
    private final Map<AccountKey, Draft> all = new LinkedHashMap<>();
    private final Map<AccountKey, Long> subscriptions = new HashMap<>();
    private final Decider decider;

    /**
     * @param owner the account whose volume it is
     * @param members those that draw from it, those that left and have late news, and those that ask to join
     */
    SharedDrafts(Decider decider, AccountState owner, Collection<AccountState> members, Instant now) {
        this.decider = decider;
        this.now = now;
        this.owner = decider.draft(owner, now);
        all.put(owner.key(), this.owner);
        subscriptions.put(owner.key(), owner.subscriptionId());
        for (AccountState each : members) {
            Draft draft = decider.draft(each, now);
            if (each.share() instanceof Share.Member) {
                draft.borrowZones(this.owner);
            }
            all.put(each.key(), draft);
            subscriptions.put(each.key(), each.subscriptionId());
        }
    }

    /** Decides a command of one of them. */
    Reply apply(AccountKey key, AccountCommand command) {
        Draft acting = all.get(key);
        if (acting == null) {
            throw new IllegalArgumentException("a command of an account that is not shared");
        }
        int told = owner.effects.size();
        admit();
        lend(owner);
        countPromises();
        Map<Draft, ChargeNotices.Before> befores = new HashMap<>();
        sharers().forEach(draft -> befores.put(draft, ChargeNotices.Before.of(draft)));
        if (command instanceof AccountCommand.JoinShared) {
            // Its sessions may wait for volume, which it has afterwards.
            befores.put(acting, ChargeNotices.Before.of(acting));
        }
        ZoneId zone = owner.planZone();
        PeriodWatch.advance(owner);
        lend(owner);
        if (!zone.equals(owner.planZone())) {
            sharers().forEach(draft -> ZoneMove.lent(draft, zone, owner.planZone()));
        }
        sharers().forEach(MemberWatch::followPlan);
        sharers().forEach(ChargeWatch::advance);
        countPromises();
        Reply reply = isOutside(acting) ? applyOutside(acting, command) : applySharing(acting, command);
        lend(owner);
        sharers().forEach(BackgroundWatch::apply);
        sharers().forEach(draft -> draft.settle(command.actor()));
        countPromises();
        befores.forEach((draft, before) -> ChargeNotices.tell(draft, before, command, reply));
        tellMembers(told);
        return reply;
    }

    /** What the owner's account hears of volume and period every member hears too. */
    private void tellMembers(int from) {
        for (Effect effect : List.copyOf(owner.effects.subList(from, owner.effects.size()))) {
            if (effect instanceof Effect.EventRaised event && SharedVolume.isForMembers(event)) {
                sharers().stream().filter(draft -> draft != owner).forEach(draft -> draft.effects.add(event));
            }
        }
    }

    /** The accounts as they are now, and what follows. */
    Map<AccountKey, Decision> decisions() {
        all.values().forEach(draft -> CounterWatch.watch(draft, isOutside(draft) ? draft : owner));
        Map<AccountKey, Decision> decisions = new HashMap<>();
        all.forEach((key, draft) -> {
            if (draft != owner && !isOutside(draft)) {
                SharedVolume.takeBack(draft);
            }
            decisions.put(key, new Decision(draft.toState(), draft.effects, List.of()));
        });
        return decisions;
    }

    private Reply applySharing(Draft acting, AccountCommand command) {
        if (command instanceof AccountCommand.JoinShared join) {
            return acting != owner && join.owner().equals(owner.key) ? Reply.REPEATED : SHARES_ALREADY;
        }
        if (acting.share instanceof Share.Member member && MemberTime.isBeforeJoining(member, command)) {
            return applyBefore(acting, member, command);
        }
        int from = acting.effects.size();
        if (acting != owner) {
            MemberWatch.advance(acting);
            if (command instanceof AccountCommand.AgreeOverage || command instanceof AccountCommand.DeclineOverage) {
                return new Reply.Refused(
                        Refusal.NOT_ALLOWED, "Only the owner of the shared account decides about charges.");
            }
            if (command instanceof AccountCommand.LeaveShared leave) {
                return leave(acting, leave);
            }
        }
        long before = acting.usedBytes + acting.beyondBytes;
        Reply reply = decider.apply(acting, command);
        late(acting, command, reply, acting.usedBytes + acting.beyondBytes - before);
        MemberWatch.watch(acting);
        BackgroundWatch.apply(acting);
        if (acting != owner) {
            SharedVolume.giveBack(acting, owner, from);
        }
        return reply;
    }

    /** What comes late of the time before a member joined is of its own volume, which is over. */
    private Reply applyBefore(Draft acting, Share.Member known, AccountCommand command) {
        MemberWatch.advance(acting);
        Share.Member member = acting.share instanceof Share.Member advanced ? advanced : known;
        SharedVolume.Kept kept = SharedVolume.Kept.of(acting);
        long before = acting.usedBytes + acting.beyondBytes;
        SharedVolume.endOwn(acting, member);
        // No rule over the plan may take it for use of this one while it is counted.
        acting.share = member.late(
                command instanceof AccountCommand.CountUsage count
                        ? count.record().upBytes() + count.record().downBytes()
                        : 0);
        Reply reply = decider.apply(acting, command);
        kept.restore(acting);
        acting.share = member.late(acting.usedBytes + acting.beyondBytes - before);
        // What it used today before it joined is of its day all the same.
        MemberWatch.watch(acting);
        return reply;
    }

    /** An account that does not draw from the volume: one that asks to join, or left. */
    private Reply applyOutside(Draft acting, AccountCommand command) {
        if (acting.share instanceof Share.Member) {
            return command instanceof AccountCommand.JoinShared ? SHARES_ALREADY : applyFormer(acting, command);
        }
        return command instanceof AccountCommand.JoinShared join ? join(acting, join) : decider.decide(acting, command);
    }

    private Reply join(Draft acting, AccountCommand.JoinShared command) {
        PeriodWatch.advance(acting);
        ChargeWatch.advance(acting);
        Reply refusal = JoinWatch.refusal(owner, acting).orElse(null);
        if (refusal != null) {
            acting.settle(command.actor());
            return refusal;
        }
        JoinWatch.enter(owner, acting);
        acting.borrowZones(owner);
        note(acting, "member.joined", 0);
        owner.audit(command.actor(), "member.joined", null, Map.of("member", name(acting)));
        acting.audit(command.actor(), "member.joined", null, Map.of("owner", name(owner)));
        return Reply.DONE;
    }

    /** Who left draws from the volume only by what comes late of the time before. */
    private Reply applyFormer(Draft acting, AccountCommand command) {
        if (command instanceof AccountCommand.LeaveShared) {
            return Reply.REPEATED;
        }
        boolean late = MemberTime.isOfMembership(acting, command);
        int from = acting.effects.size();
        if (late) {
            SharedVolume.Kept kept = SharedVolume.Kept.of(acting);
            SharedVolume.lend(owner, acting);
            Reply reply = decider.apply(acting, command);
            SharedVolume.giveBack(acting, owner, from);
            kept.restore(acting);
            return reply;
        }
        PeriodWatch.advance(acting);
        ChargeWatch.advance(acting);
        Reply reply =
                command instanceof ChargeCommand charge ? applyFormer(acting, charge) : decider.apply(acting, command);
        acting.settle(command.actor());
        return reply;
    }

    /** A session goes on when its account leaves: its next report may tell of the time before and of the time after. */
    private Reply applyFormer(Draft acting, ChargeCommand charge) {
        List<UsageRecord> early = MemberTime.ofMembership(acting, charge);
        if (early.isEmpty()) {
            return decider.apply(acting, charge);
        }
        ChargingSession known = acting.charging.get(charge.session());
        List<UsageRecord> own = new ArrayList<>(charge.used());
        own.removeAll(early);
        Reply reply = decider.apply(acting, charge.withUsed(own));
        if (reply instanceof Reply.Charged charged && !charged.again()) {
            int from = acting.effects.size();
            SharedVolume.Kept kept = SharedVolume.Kept.of(acting);
            SharedVolume.lend(owner, acting);
            decider.count(acting, known == null ? ChargingSession.opened(charge, now) : known, charge.withUsed(early));
            SharedVolume.giveBack(acting, owner, from);
            kept.restore(acting);
        }
        return reply;
    }

    /** A message that was answered before, or refused, reports nothing anew. */
    private static void late(Draft acting, AccountCommand command, Reply reply, long bytes) {
        if (command instanceof AccountCommand.CountUsage count) {
            MemberWatch.counted(acting, count.record().eventEnd(), bytes);
        } else if (command instanceof ChargeCommand charge
                && reply instanceof Reply.Charged charged
                && !charged.again()) {
            for (UsageRecord record : charge.used()) {
                MemberWatch.counted(acting, record.eventEnd(), record.upBytes() + record.downBytes());
            }
        }
    }

    /** The owner's account takes note of who joined: the volume that a member brings, and a row in the ledger. */
    private void admit() {
        for (Draft draft : all.values()) {
            if (draft.share instanceof Share.Member member && member.joinedAt() == null) {
                draft.share = member.joined(now);
                long brings = owner.terms.sharing() == null
                        ? 0
                        : owner.terms.sharing().memberBytes();
                if (brings > 0 && !owner.ended) {
                    Grants.grant(
                            owner,
                            Bucket.Kind.CREDIT,
                            Grant.volume(brings, reference(draft), "A member joined"),
                            Actor.system("sharing"));
                }
                note(draft, "member.joined", brings);
                owner.audit(Actor.system("sharing"), "member.joined", null, Map.of("member", name(draft)));
            }
        }
    }

    private Reply leave(Draft acting, AccountCommand.LeaveShared command) {
        if (!(acting.share instanceof Share.Member member) || !(owner.share instanceof Share.Owner share)) {
            return MemberWatch.NOT_A_MEMBER;
        }
        long unused = SharedVolume.remove(owner, reference(acting));
        acting.charging.replaceAll((number, session) -> session.withoutGrants());
        SharedVolume.takeBack(acting);
        MemberWatch.leave(acting, member);
        owner.share = share.without(acting.key.accountId());
        acting.settle(command.actor());
        note(acting, "member.left", unused);
        acting.audit(command.actor(), "member.left", command.reason(), Map.of("unusedBytes", unused));
        return Reply.DONE;
    }

    /** In the ledger such a row takes nothing: it says between which rows the volume had how many takers. */
    private void note(Draft member, String type, long bytes) {
        owner.effects.add(MemberTime.note(type + ":" + name(member), now));
        Map<String, Object> data = Map.of("member", name(member), "bytes", bytes);
        owner.raise(type, data);
        member.raise(type, data);
    }

    private void lend(Draft from) {
        for (Draft draft : sharers()) {
            if (draft != owner) {
                draft.borrowZones(owner);
            }
            if (draft != from) {
                SharedVolume.lend(from, draft);
            }
        }
    }

    private void countPromises() {
        long sum = 0;
        for (Draft draft : all.values()) {
            sum += ChargeGrants.ownPromisedBytes(draft);
        }
        for (Draft draft : all.values()) {
            draft.fellowsPromisedBytes = sum - ChargeGrants.ownPromisedBytes(draft);
        }
    }

    private List<Draft> sharers() {
        List<Draft> sharers = new ArrayList<>(all.size());
        for (Draft draft : all.values()) {
            if (!isOutside(draft)) {
                sharers.add(draft);
            }
        }
        return sharers;
    }

    private boolean isOutside(Draft draft) {
        return draft != owner && !(draft.share instanceof Share.Member member && member.leftAt() == null);
    }

    private String reference(Draft draft) {
        return Bucket.MEMBER + name(draft);
    }

    private String name(Draft draft) {
        return PublicId.SUBSCRIPTION.format(subscriptions.getOrDefault(draft.key, 0L));
    }
}
