package dev.octroi.quota.decide;

import dev.octroi.policy.Level;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleJson;
import dev.octroi.policy.RuleSet;
import dev.octroi.policy.Until;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.ChangeAct;
import dev.octroi.quota.account.ChangeTrace;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.ItemState;
import dev.octroi.quota.account.Refusal;
import dev.octroi.quota.account.Reply;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a change over many subscriptions does to one account, and how it is undone. That a change is applied once is the
 * store's matter.
 */
final class ActWatch {
    private static final String NOTHING = "none";

    private ActWatch() {}

    static Reply apply(Draft draft, AccountCommand.ApplyChange command) {
        return switch (command.act()) {
            case ChangeAct.PutRule put ->
                putRule(draft, command, put.rule().owner(), put.rule().id(), put.rule());
            case ChangeAct.RemoveRule remove -> putRule(draft, command, remove.owner(), remove.ruleId(), null);
            case ChangeAct.Suspend suspend -> suspend(draft, command, suspend);
        };
    }

    static Reply undo(Draft draft, AccountCommand.UndoChange command) {
        return switch (command.trace()) {
            case ChangeTrace.OfRule trace -> undoRule(draft, command, trace.before());
            case ChangeTrace.OfHold trace -> undoHold(draft, command, trace);
        };
    }

    private static Reply putRule(
            Draft draft, AccountCommand.ApplyChange command, Rule.Owner owner, String id, @Nullable Rule wanted) {
        Rule before = find(draft, owner, id);
        if (before == null ? wanted == null : before.equals(wanted)) {
            return unchanged(draft, command);
        }
        Level level = draft.policy().level();
        Reply reply = replace(draft, owner, id, wanted, command.actor());
        if (reply instanceof Reply.Refused) {
            return reply;
        }
        tell(draft, command, "policy_change.applied", describe(before), describe(wanted));
        record(draft, command, ItemState.APPLIED, level, new ChangeTrace.OfRule(before));
        return Reply.DONE;
    }

    /** Only a rule that is still as the change left it goes back to what it was. */
    private static Reply undoRule(Draft draft, AccountCommand.UndoChange command, @Nullable Rule before) {
        Rule.Owner owner;
        String id;
        Rule left;
        switch (command.act()) {
            case ChangeAct.PutRule put -> {
                owner = put.rule().owner();
                id = put.rule().id();
                left = put.rule();
            }
            case ChangeAct.RemoveRule remove -> {
                owner = remove.owner();
                id = remove.ruleId();
                left = null;
            }
            case ChangeAct.Suspend suspend -> throw new IllegalArgumentException("a hold's change has no rule");
        }
        Rule now = find(draft, owner, id);
        if (now == null ? left != null : !now.equals(left)) {
            return kept(draft, command);
        }
        if (replace(draft, owner, id, before, command.actor()) instanceof Reply.Refused) {
            return kept(draft, command);
        }
        tell(draft, command, "policy_change.undone", describe(now), describe(before));
        record(draft, command, ItemState.UNDONE, null, null);
        return Reply.DONE;
    }

    private static Reply suspend(Draft draft, AccountCommand.ApplyChange command, ChangeAct.Suspend act) {
        Actor.Kind proposer = command.actor().kind();
        if (act.restrictionClass() == RestrictionClass.LEGAL && proposer == Actor.Kind.RESELLER) {
            return new Reply.Refused(Refusal.NOT_ALLOWED, "What is held by law is for the operator alone.");
        }
        Restriction before = hold(draft, act.restrictionClass(), proposer);
        Level wanted = act.everything() ? Level.SUSPENDED_ALL : Level.SUSPENDED_DATA;
        if (before != null && before.level().compareTo(wanted) >= 0) {
            return unchanged(draft, command);
        }
        Level level = draft.policy().level();
        Reply reply = Holds.suspend(
                draft,
                new AccountCommand.Suspend(
                        act.restrictionClass(), act.everything(), command.reason(), command.actor()));
        if (reply instanceof Reply.Refused) {
            return reply;
        }
        tell(draft, command, "policy_change.applied", describe(before), wanted.word());
        ChangeTrace.Hold milder = before == null ? null : new ChangeTrace.Hold(before.level(), before.from());
        record(draft, command, ItemState.APPLIED, level, new ChangeTrace.OfHold(draft.now, milder));
        return Reply.DONE;
    }

    private static Reply undoHold(Draft draft, AccountCommand.UndoChange command, ChangeTrace.OfHold trace) {
        if (!(command.act() instanceof ChangeAct.Suspend act)) {
            throw new IllegalArgumentException("a rule's change has no hold");
        }
        Restriction now = placed(draft, act.restrictionClass(), command.proposer(), trace.placedAt());
        if (now == null) {
            return kept(draft, command);
        }
        ChangeTrace.Hold before = trace.before();
        if (before == null) {
            draft.release(each -> each.id().equals(now.id()));
        } else {
            draft.restrict(new Restriction(
                    now.id(),
                    act.restrictionClass(),
                    now.reasonCode(),
                    before.level(),
                    null,
                    null,
                    null,
                    null,
                    before.from(),
                    new Until.Lifted()));
        }
        tell(
                draft,
                command,
                "policy_change.undone",
                now.level().word(),
                before == null ? NOTHING : before.level().word());
        record(draft, command, ItemState.UNDONE, null, null);
        return Reply.DONE;
    }

    private static Reply replace(Draft draft, Rule.Owner owner, String id, @Nullable Rule wanted, Actor actor) {
        List<Rule> rules = new ArrayList<>(rules(draft, owner));
        int place = 0;
        while (place < rules.size() && !rules.get(place).id().equals(id)) {
            place++;
        }
        if (wanted == null) {
            rules.remove(place);
        } else if (place < rules.size()) {
            rules.set(place, wanted);
        } else {
            rules.add(wanted);
        }
        return RuleReplacement.apply(draft, new AccountCommand.PutRules(owner, rules, null, actor));
    }

    private static Reply unchanged(Draft draft, AccountCommand.ApplyChange command) {
        record(draft, command, ItemState.UNCHANGED, draft.policy().level(), null);
        return Reply.DONE;
    }

    private static Reply kept(Draft draft, AccountCommand.UndoChange command) {
        record(draft, command, ItemState.KEPT, null, null);
        return Reply.DONE;
    }

    private static void record(
            Draft draft,
            AccountCommand.PartOfChange command,
            ItemState state,
            @Nullable Level level,
            @Nullable ChangeTrace trace) {
        draft.effects.add(new Effect.ChangeItem(command.changeId(), state, level, trace, draft.now));
    }

    private static void tell(
            Draft draft, AccountCommand.PartOfChange command, String action, String before, String after) {
        Map<String, Object> details = new HashMap<>();
        details.put("change", command.changeName());
        details.put("before", before);
        details.put("after", after);
        draft.audit(command.actor(), action, command.reason(), details);
    }

    private static String describe(@Nullable Rule rule) {
        return rule == null ? NOTHING : RuleJson.write(rule).toString();
    }

    private static String describe(@Nullable Restriction hold) {
        return hold == null ? NOTHING : hold.level().word();
    }

    private static List<Rule> rules(Draft draft, Rule.Owner owner) {
        RuleSet set = draft.rules.get(owner);
        return set == null ? List.of() : set.rules();
    }

    private static @Nullable Rule find(Draft draft, Rule.Owner owner, String id) {
        return rules(draft, owner).stream()
                .filter(rule -> rule.id().equals(id))
                .findFirst()
                .orElse(null);
    }

    /** The hold that a change placed; a tenant's was once placed as if it were the operator's. */
    private static @Nullable Restriction placed(
            Draft draft, RestrictionClass kind, Actor.Kind proposer, Instant placedAt) {
        for (Actor.Kind by : List.of(proposer, Actor.Kind.ADMIN)) {
            Restriction hold = hold(draft, kind, by);
            if (hold != null && hold.from().equals(placedAt)) {
                return hold;
            }
        }
        return null;
    }

    private static @Nullable Restriction hold(Draft draft, RestrictionClass kind, Actor.Kind by) {
        return draft.restrictions().stream()
                .filter(each -> each.id().equals(AccountCommand.Suspend.idOf(kind, by)))
                .findFirst()
                .orElse(null);
    }
}
