package dev.octroi.api.reseller;

import dev.octroi.policy.RestrictionClass;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.Actor;

/** What a reseller can do to a subscription's data. */
enum AccountAct {
    /** The traveller's wish, which the traveller can take back. */
    PAUSE("Paused by the reseller", "pause") {
        @Override
        AccountCommand command(String reason, Actor actor) {
            return new AccountCommand.Pause(reason, actor);
        }
    },
    /** The reseller's office, which only the office can take back. */
    SUSPEND("Suspended by the reseller", "suspend") {
        @Override
        AccountCommand command(String reason, Actor actor) {
            return new AccountCommand.Suspend(RestrictionClass.ADMINISTRATIVE, false, reason, actor);
        }
    },
    /** Takes back a pause. */
    END_PAUSE("Resumed by the reseller", "lift") {
        @Override
        AccountCommand command(String reason, Actor actor) {
            return new AccountCommand.EndPause(reason, actor);
        }
    },
    /** The traveller's word: takes back a pause, and without one goes on over own limits and to questions. */
    GO_ON("Resumed by the reseller", "lift") {
        @Override
        AccountCommand command(String reason, Actor actor) {
            return new AccountCommand.Resume(reason, actor);
        }
    },
    /** Takes back a suspension of the reseller's office, not of the operator's. */
    LIFT("Resumed by the reseller", "lift") {
        @Override
        AccountCommand command(String reason, Actor actor) {
            return new AccountCommand.Lift(null, RestrictionClass.ADMINISTRATIVE, reason, actor);
        }
    };

    private final String usualReason;
    private final String target;

    AccountAct(String usualReason, String target) {
        this.usualReason = usualReason;
        this.target = target;
    }

    /** The action that a credential with targets needs for it. */
    String target() {
        return target;
    }

    /** The reason kept when none is given. */
    String usualReason() {
        return usualReason;
    }

    abstract AccountCommand command(String reason, Actor actor);
}
