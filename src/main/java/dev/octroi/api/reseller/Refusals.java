package dev.octroi.api.reseller;

import dev.octroi.http.Problem;
import dev.octroi.http.ProblemException;
import dev.octroi.http.ProblemType;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.Outcome;
import dev.octroi.subscription.Subscription;

/** The problems that several operations of this API answer with. */
public final class Refusals {
    private Refusals() {}

    /** 404, also for what belongs to someone else. */
    public static ProblemException notFound() {
        return Problem.of(ProblemType.NOT_FOUND).toException();
    }

    /** 422 with a sentence and a code. */
    public static ProblemException unprocessable(String code, String detail) {
        return Problem.of(ProblemType.UNPROCESSABLE, detail).withCode(code).toException();
    }

    /** 409 with a sentence and a code. */
    static ProblemException conflict(String code, String detail) {
        return Problem.of(ProblemType.CONFLICT, detail).withCode(code).toException();
    }

    /** The subscription, unless its sale was taken back or its traveller forgotten: then 409. */
    public static Subscription sold(Subscription subscription) {
        if (subscription.cancelledAt() != null) {
            throw conflict("cancelled", "The subscription was cancelled");
        }
        return remembered(subscription);
    }

    /** The subscription, unless its traveller was forgotten: then 409, so that nothing of the person is kept anew. */
    public static Subscription remembered(Subscription subscription) {
        if (subscription.erasedAt() != null) {
            throw conflict("erased", "The traveller was forgotten");
        }
        return subscription;
    }

    /** The account after a command; a refused one becomes its problem. */
    public static AccountView account(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Accepted accepted -> accepted.account();
            case Outcome.Duplicate same -> same.account();
            case Outcome.Refused refused -> throw of(refused);
        };
    }

    /** What a refused account command means to a caller. */
    public static ProblemException of(Outcome.Refused refused) {
        ProblemType type = switch (refused.code()) {
            case UNKNOWN_ACCOUNT, UNKNOWN_SESSION -> ProblemType.NOT_FOUND;
            case STALE_VERSION -> ProblemType.PRECONDITION_FAILED;
            case INVALID_RULES, OVERFLOW, UNKNOWN_ZONE, NOT_SHARED, NOT_THE_OWNER, SHARED_FULL, PLAN_MISMATCH ->
                ProblemType.UNPROCESSABLE;
            case PLAN_ENDED,
                    NOTHING_HELD,
                    NOT_ALLOWED,
                    TOO_MANY_SESSIONS,
                    NUMBER_REUSED,
                    NOT_A_MEMBER,
                    VOLUME_LEFT,
                    HAS_CHARGES -> ProblemType.CONFLICT;
            case BUSY -> ProblemType.UNAVAILABLE;
        };
        ProblemException problem = Problem.of(type, refused.detail())
                .withCode(refused.code().word())
                .toException();
        return type == ProblemType.UNAVAILABLE ? problem.withHeader("Retry-After", "1") : problem;
    }
}
