package dev.octroi.api.admin;

import dev.octroi.access.Principal;
import dev.octroi.api.reseller.TargetLimits;
import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.ETags;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemException;
import dev.octroi.http.ProblemType;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Rule.Owner;
import dev.octroi.quota.account.ChangeAct;
import dev.octroi.rollout.Answer;
import dev.octroi.rollout.Person;
import dev.octroi.rollout.PolicyChange;

/** What the operations on changes over many subscriptions have in common. */
final class ChangeCalls {
    private ChangeCalls() {}

    static long id(ApiCall call) {
        return PublicId.CHANGE.parse(call.path("changeId")).orElseThrow(AdminCalls::notFound);
    }

    static Person person(ApiCall call) {
        Principal caller = AdminCalls.principal(call);
        return new Person(caller.subject(), caller.tokenId(), caller.tenantId() == AdminCalls.OPERATOR);
    }

    /** Refuses with 403 who may not do to one subscription what the change does to many. */
    static void requireMay(ApiCall call, ChangeAct act) {
        Principal caller = AdminCalls.principal(call);
        switch (act) {
            case ChangeAct.PutRule put -> {
                requireOwner(call, put.rule().owner());
                TargetLimits.require(caller, put.rule());
            }
            case ChangeAct.RemoveRule remove -> {
                requireOwner(call, remove.owner());
                // What the rules do that it removes is known to each account only.
                TargetLimits.require(caller, "lift");
            }
            case ChangeAct.Suspend suspend -> {
                if (suspend.restrictionClass() == RestrictionClass.LEGAL) {
                    AdminCalls.requireOperator(call);
                }
                TargetLimits.require(caller, "suspend");
            }
        }
    }

    private static void requireOwner(ApiCall call, Owner owner) {
        if (owner == Owner.OPERATOR) {
            AdminCalls.requireOperator(call);
        }
    }

    /** The change, or the problem that stands for the answer. */
    static PolicyChange change(Answer answer) {
        return switch (answer) {
            case Answer.Done done -> done.change();
            case Answer.Unknown unknown -> throw AdminCalls.notFound();
            case Answer.Stale stale -> throw ETags.stale(stale.version());
            case Answer.WrongState wrong ->
                throw problem(
                        ProblemType.CONFLICT,
                        "A change that is " + wrong.state().word() + " cannot do this",
                        "wrong_state");
            case Answer.OperatorsOnly operators ->
                throw problem(
                        ProblemType.FORBIDDEN, "The operator proposed this; a tenant only reads it", "operator_only");
            case Answer.NotSomebodyElse own ->
                throw problem(
                        ProblemType.FORBIDDEN,
                        "Somebody else has to approve: neither who proposed nor a client made or given another secret since",
                        "needs_second_person");
            case Answer.NobodyMeant nobody ->
                throw problem(ProblemType.UNPROCESSABLE, "No running subscription meets the target", "empty_target");
            case Answer.SomeUnknown some ->
                throw problem(
                        ProblemType.UNPROCESSABLE,
                        "A subscription that is named does not exist, has ended or does not meet the target",
                        "unknown_subscription");
            case Answer.TooMany many ->
                throw problem(ProblemType.UNPROCESSABLE, "A change is for at most 100,000 subscriptions", "too_many");
            case Answer.TooManyOpen open ->
                throw problem(ProblemType.CONFLICT, "A tenant has at most 100 open changes", "too_many_open");
        };
    }

    private static ProblemException problem(ProblemType type, String detail, String code) {
        return Problem.of(type, detail).withCode(code).toException();
    }
}
