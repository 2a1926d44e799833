package dev.octroi.api.reseller;

import dev.octroi.policy.RestrictionClass;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.Actor;

/** What a reseller can do to a subscription's data. */
enum AccountAct {
    /** The traveller's wish, which the traveller can take back. */
    PAUSE("Paused by the reseller") {
        @Override
        AccountCommand command(String reason, Actor actor) {
            return new AccountCommand.Pause(actor);
        }
    },
    /** The reseller's office, which only the office can take back. */
    SUSPEND("Suspended by the reseller") {
        @Override
        AccountCommand command(String reason, Actor actor) {
            return new AccountCommand.Suspend(RestrictionClass.ADMINISTRATIVE, false, reason, actor);
        }
    },
    /** Takes back a pause. */
    RESUME("Resumed by the reseller") {
        @Override
        AccountCommand command(String reason, Actor actor) {
            return new AccountCommand.Resume(actor);
        }
    },
    /** Takes back a suspension of the office. */
    LIFT("Resumed by the reseller") {
        @Override
        AccountCommand command(String reason, Actor actor) {
            return new AccountCommand.Lift(null, RestrictionClass.ADMINISTRATIVE, reason, actor);
        }
    };

    private final String usualReason;

    AccountAct(String usualReason) {
        this.usualReason = usualReason;
    }

    /** The reason kept when none is given. */
    String usualReason() {
        return usualReason;
    }

    abstract AccountCommand command(String reason, Actor actor);
}
