package dev.octroi.quota;

import dev.octroi.db.PublicId;
import dev.octroi.drain.Category;
import java.time.Instant;
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
    private static final String SOURCE = "octroi";

    private final Instant now;
    private final Draft owner;
    private final Map<AccountKey, Draft> all = new LinkedHashMap<>();
    private final Map<AccountKey, Long> subscriptions = new HashMap<>();
    private final Decider decider;

    /**
     * @param owner the account whose volume it is
     * @param members those that draw from it, and those that left and have late news
     */
    SharedDrafts(Decider decider, AccountState owner, Collection<AccountState> members, Instant now) {
        this.decider = decider;
        this.now = now;
        this.owner = decider.draft(owner, now);
        all.put(owner.key(), this.owner);
        subscriptions.put(owner.key(), owner.subscriptionId());
        for (AccountState each : members) {
            Draft draft = decider.draft(each, now);
            draft.lenderZone = owner.timeZone();
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
        PeriodWatch.advance(owner);
        lend(owner);
        sharers().forEach(ChargeWatch::advance);
        countPromises();
        Reply reply = isFormer(acting) ? applyFormer(acting, command) : applySharing(acting, command);
        lend(owner);
        sharers().forEach(BackgroundWatch::apply);
        sharers().forEach(draft -> draft.settle(command.actor()));
        countPromises();
        befores.forEach((draft, before) -> ChargeNotices.tell(draft, before, command));
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
        Map<AccountKey, Decision> decisions = new HashMap<>();
        all.forEach((key, draft) -> {
            if (draft != owner && !isFormer(draft)) {
                SharedVolume.takeBack(draft);
            }
            decisions.put(key, new Decision(draft.toState(), draft.effects, List.of()));
        });
        return decisions;
    }

    private Reply applySharing(Draft acting, AccountCommand command) {
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
        late(acting, command, acting.usedBytes + acting.beyondBytes - before);
        MemberWatch.watch(acting);
        BackgroundWatch.apply(acting);
        if (acting != owner) {
            SharedVolume.giveBack(acting, owner, from);
        }
        return reply;
    }

    /** Who left draws from the volume only by what comes late of the time before. */
    private Reply applyFormer(Draft acting, AccountCommand command) {
        if (command instanceof AccountCommand.LeaveShared) {
            return Reply.REPEATED;
        }
        boolean late = isOfMembership(acting, command);
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
        Reply reply = decider.apply(acting, command);
        acting.settle(command.actor());
        return reply;
    }

    private static boolean isOfMembership(Draft draft, AccountCommand command) {
        Instant leftAt = draft.share instanceof Share.Member member ? member.leftAt() : null;
        if (leftAt == null) {
            return false;
        }
        return switch (command) {
            case AccountCommand.CountUsage count -> count.record().eventEnd().isBefore(leftAt);
            case ChargeCommand charge ->
                !charge.used().isEmpty()
                        && charge.used().stream()
                                .allMatch(record -> record.eventEnd().isBefore(leftAt));
            default -> false;
        };
    }

    private static void late(Draft acting, AccountCommand command, long bytes) {
        if (command instanceof AccountCommand.CountUsage count) {
            MemberWatch.counted(acting, count.record().eventEnd(), bytes);
        } else if (command instanceof ChargeCommand charge) {
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
        owner.effects.add(new Effect.LedgerRow(
                new UsageRecord(
                        SOURCE,
                        type + ":" + name(member),
                        UsageRecord.Meaning.DELTA,
                        null,
                        64,
                        now,
                        now,
                        now,
                        0,
                        0,
                        ChargeCommand.UNKNOWN_PLMN,
                        "ZZ",
                        null,
                        "none",
                        Category.OTHER),
                0,
                0,
                0,
                "ZZ",
                0,
                0));
        Map<String, Object> data = Map.of("member", name(member), "bytes", bytes);
        owner.raise(type, data);
        member.raise(type, data);
    }

    private void lend(Draft from) {
        for (Draft draft : sharers()) {
            if (draft != owner) {
                draft.lenderZone = owner.timeZone;
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
            if (!isFormer(draft)) {
                sharers.add(draft);
            }
        }
        return sharers;
    }

    private static boolean isFormer(Draft draft) {
        return draft.share instanceof Share.Member member && member.leftAt() != null;
    }

    private String reference(Draft draft) {
        return Bucket.MEMBER + name(draft);
    }

    private String name(Draft draft) {
        return PublicId.SUBSCRIPTION.format(subscriptions.getOrDefault(draft.key, 0L));
    }
}
