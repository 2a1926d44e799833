package dev.octroi.quota.decide;

import dev.octroi.policy.Restriction;
import dev.octroi.policy.Rule;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.Actor;

/** Who may lift which restriction. */
public final class Lifting {
    private Lifting() {}

    /** Whether who lifts a class means a restriction of it: a reseller neither the operator's nor, for a member, the whole account's. */
    public static boolean isMeant(Actor actor, Restriction restriction) {
        return actor.kind() != Actor.Kind.RESELLER
                || (!isOfTheOperator(restriction) && !restriction.id().startsWith(SharedVolume.SHARED));
    }

    /** The operator's suspension, or what a rule of the operator's does. */
    private static boolean isOfTheOperator(Restriction restriction) {
        String ofTheReseller = AccountCommand.Suspend.idOf(restriction.restrictionClass(), Actor.Kind.RESELLER);
        return RuleWatch.isOf(Rule.Owner.OPERATOR, restriction)
                || (restriction.id().startsWith(Holds.HELD) && !restriction.id().equals(ofTheReseller));
    }

    /** Volume comes back by volume and a zone is left by leaving it; what law and the operator hold is not a reseller's to lift. */
    static boolean isAllowed(Actor actor, Restriction restriction) {
        boolean office = actor.kind() == Actor.Kind.ADMIN || actor.kind() == Actor.Kind.SUPPORT;
        boolean reseller = actor.kind() == Actor.Kind.RESELLER && !isOfTheOperator(restriction);
        return switch (restriction.restrictionClass()) {
            case LEGAL -> actor.kind() == Actor.Kind.ADMIN;
            case ADMINISTRATIVE, DRAIN, FAIR_USE, TIME_WINDOW ->
                office || reseller || actor.kind() == Actor.Kind.SYSTEM;
            case USER_CAP -> office || reseller || actor.kind() == Actor.Kind.TRAVELLER;
            // The limit of charges is the traveller's to raise, by consent.
            case PLAN_QUOTA, ZONE, BILL_SHOCK -> false;
        };
    }
}
