package dev.octroi.api.admin;

import dev.octroi.api.reseller.Reasons;
import dev.octroi.api.reseller.SharingJson;
import dev.octroi.api.reseller.TargetLimits;
import dev.octroi.http.ApiCall;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemType;
import dev.octroi.policy.Level;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.Bucket;
import dev.octroi.quota.account.Grant;
import dev.octroi.quota.decide.Lifting;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The commands behind the acts of the admin API. */
final class AccountActs {
    /** Begins the references of credits; the subscription and the request's key follow, joined by a hyphen. */
    private static final String CREDIT = "admin-";

    private AccountActs() {}

    static AccountCommand suspend(ApiCall call) {
        TargetLimits.require(AdminCalls.principal(call), "suspend");
        JsonObject body = call.body();
        return new AccountCommand.Suspend(
                restrictionClass(call),
                body.getBoolean("everything", false),
                Reasons.read(body),
                AccountCalls.actor(call));
    }

    /** Takes back what {@link #suspend} of the same class did. */
    static AccountCommand resume(ApiCall call) {
        TargetLimits.require(AdminCalls.principal(call), "lift");
        return new AccountCommand.Lift(
                null, restrictionClass(call), Reasons.read(call.body()), AccountCalls.actor(call));
    }

    /** Lifts one restriction by its id, or all of a class. */
    static AccountCommand lift(ApiCall call) {
        TargetLimits.require(AdminCalls.principal(call), "lift");
        JsonObject body = call.body();
        @Nullable String id = body.getString("restrictionId");
        if (id == null == !body.containsKey("class")) {
            throw Problem.of(ProblemType.UNPROCESSABLE, "Name either one restriction or one class")
                    .withCode("restriction_or_class")
                    .toException();
        }
        return new AccountCommand.Lift(
                id, id == null ? restrictionClass(call) : null, Reasons.read(body), AccountCalls.actor(call));
    }

    static AccountCommand credit(ApiCall call) {
        TargetLimits.require(AdminCalls.principal(call), "credit");
        JsonObject body = call.body();
        long bytes = body.getLong("bytes", 0L);
        int extendDays = body.getInteger("extendDays", 0);
        if (bytes == 0 && extendDays == 0) {
            throw Problem.of(ProblemType.UNPROCESSABLE, "A credit is of bytes, of days, or of both")
                    .withCode("empty_credit")
                    .toException();
        }
        return new AccountCommand.Credit(
                new Grant(
                        bytes,
                        extendDays,
                        body.getInteger("validDays", 0),
                        CREDIT + call.path("subscriptionId") + "-"
                                + AdminCalls.key(call).reference(),
                        Reasons.read(body)),
                AccountCalls.actor(call));
    }

    /** Caps a member of a shared account. A change may loosen what held, so the credential must be for both. */
    static AccountCommand memberCap(ApiCall call) {
        TargetLimits.require(AdminCalls.principal(call), "pause");
        TargetLimits.require(AdminCalls.principal(call), "lift");
        @Nullable JsonObject cap = call.body().getJsonObject("cap");
        return new AccountCommand.SetMemberCap(
                cap == null ? null : SharingJson.readCap(cap), Reasons.read(call.body()), AccountCalls.actor(call));
    }

    /** Whether an account is as an act would leave it, as far as that can be seen; a credit is known by its reference. */
    static boolean isDone(AccountView account, AccountCommand command) {
        return switch (command) {
            case AccountCommand.Suspend suspend ->
                account.restrictions().stream().anyMatch(each -> isHeld(each, suspend));
            case AccountCommand.Lift lift ->
                account.restrictions().stream()
                        .noneMatch(each -> lift.restrictionId() != null
                                ? each.id().equals(lift.restrictionId())
                                : each.restrictionClass() == lift.restrictionClass()
                                        && Lifting.isMeant(lift.actor(), each));
            case AccountCommand.Credit credit -> isGivenByKey(account, credit.grant());
            default -> false;
        };
    }

    /** A gateway of before, on which the request may have broken off, knew a credit by the key alone. */
    private static boolean isGivenByKey(AccountView account, Grant grant) {
        String reference = grant.reference();
        String former = CREDIT + reference.substring(reference.lastIndexOf('-') + 1);
        return account.buckets().stream()
                .anyMatch(bucket -> bucket.kind() == Bucket.Kind.CREDIT
                        && bucket.reference().equals(former));
    }

    private static boolean isHeld(Restriction restriction, AccountCommand.Suspend suspend) {
        return restriction.id().equals(suspend.restrictionId())
                && (restriction.level() == Level.SUSPENDED_ALL || !suspend.everything());
    }

    /** The class that is meant; what is held by law is for the operator alone. */
    private static RestrictionClass restrictionClass(ApiCall call) {
        RestrictionClass meant = RestrictionClass.valueOf(
                call.body().getString("class", "administrative").toUpperCase(Locale.ROOT));
        if (meant == RestrictionClass.LEGAL) {
            AdminCalls.requireOperator(call);
        }
        return meant;
    }
}
