package dev.octroi.api.admin;

import dev.octroi.access.Principal;
import dev.octroi.api.reseller.Reasons;
import dev.octroi.api.reseller.Refusals;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemException;
import dev.octroi.http.ProblemType;
import dev.octroi.http.Reply;
import dev.octroi.quota.account.Actor;
import dev.octroi.usage.QuarantineOutcome;
import dev.octroi.usage.QuarantinedRecord;
import io.vertx.core.Future;

/**
 * {@code POST /usage-quarantine/{recordId}/release} and {@code /drop}. Safe to repeat without a key: a record is counted
 * once, and resolved once.
 */
final class ResolveQuarantinedHandler implements OperationHandler {
    private final Resolution resolution;

    /** Releases or drops. */
    interface Resolution {
        Future<QuarantineOutcome> resolve(int tenantId, long id, Actor actor, String reason);
    }

    ResolveQuarantinedHandler(Resolution resolution) {
        this.resolution = resolution;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        Principal caller = AdminCalls.principal(call);
        return resolution
                .resolve(
                        caller.tenantId(),
                        QuarantineApi.recordId(call),
                        AccountCalls.actor(call),
                        Reasons.read(call.body()))
                .map(outcome -> switch (outcome) {
                    case QuarantineOutcome.Resolved resolved -> Reply.ok(QuarantinedJson.write(resolved.record()));
                    case QuarantineOutcome.ResolvedOtherwise other -> throw otherwise(other.record());
                    case QuarantineOutcome.Unknown unknown -> throw AdminCalls.notFound();
                    case QuarantineOutcome.SubscriberUnknown unknown -> throw subscriberUnknown();
                    case QuarantineOutcome.NotCovered notCovered ->
                        throw Refusals.unprocessable(
                                "subscriber_not_covered",
                                "The subscriber is another tenant's than the one that the feed was bound to; drop the record");
                    case QuarantineOutcome.InFuture future -> throw inFuture();
                    case QuarantineOutcome.Unreadable unreadable ->
                        throw Refusals.unprocessable("unreadable", "The record can never be counted; drop it");
                    case QuarantineOutcome.Refused refused -> throw Refusals.of(refused.refusal());
                });
    }

    private static ProblemException otherwise(QuarantinedRecord record) {
        return Problem.of(
                        ProblemType.CONFLICT,
                        "The record was " + record.status().word() + " before")
                .withCode("already_" + record.status().word())
                .toException();
    }

    private static ProblemException subscriberUnknown() {
        return Problem.of(ProblemType.CONFLICT, "Still no account is linked to the record's subscriber")
                .withCode("unknown_subscriber")
                .toException();
    }

    private static ProblemException inFuture() {
        return Problem.of(ProblemType.CONFLICT, "The record ends in the future; release it then, or drop it")
                .withCode("in_future")
                .toException();
    }
}
