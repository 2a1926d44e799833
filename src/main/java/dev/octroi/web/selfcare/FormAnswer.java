package dev.octroi.web.selfcare;

import static java.util.Objects.requireNonNull;

import dev.octroi.http.ProblemException;
import dev.octroi.policy.Rule;
import dev.octroi.quota.account.Refusal;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;

/** What became of a form of the page. */
sealed interface FormAnswer {
    /** The sentence of a form that came when too much was going on. */
    String BUSY = "refused.busy";

    /** Among what was sent: which form it was, by the last part of its address. */
    String FORM = "form";

    /** No form was sent. */
    record None() implements FormAnswer {}

    /** It holds now. */
    record Done() implements FormAnswer {}

    /**
     * It was not taken; nothing changed.
     *
     * @param key of the sentence that says why
     * @param because the rule that stands in the way, when one does
     * @param form what was sent, so that nobody has to fill it in again
     */
    record Refused(String key, Optional<Rule> because, Map<String, String> form) implements FormAnswer {
        public Refused {
            requireNonNull(key, "key is null");
            requireNonNull(because, "because is null");
            form = Map.copyOf(form);
        }

        /** A refusal for which no rule is to blame. */
        static Refused of(String key, Map<String, String> form) {
            return new Refused(key, Optional.empty(), form);
        }

        /** 422, or 503 for what may be sent again in a moment. */
        int status() {
            return key.equals(BUSY) ? 503 : 422;
        }
    }

    /**
     * It is understood, and changes nothing before it is said once more with what it means.
     *
     * @param key of the sentence that says so
     * @param form what was sent
     */
    record Asked(String key, Map<String, String> form) implements FormAnswer {
        public Asked {
            requireNonNull(key, "key is null");
            form = Map.copyOf(form);
        }
    }

    /** A form that is refused at once, for which no rule is to blame. */
    static Future<FormAnswer> refused(String key, Map<String, String> form) {
        return Future.succeededFuture(Refused.of(key, form));
    }

    /** Why an account did not take what a form asked for; fails on with what is no problem of its own. */
    static Future<FormAnswer> ofFailure(Throwable failure, Map<String, String> form) {
        if (!(failure instanceof ProblemException problem)) {
            return Future.failedFuture(failure);
        }
        String key = switch (problem.problem().type()) {
            case UNAVAILABLE -> BUSY;
            case UNPROCESSABLE, CONFLICT ->
                Refusal.PLAN_ENDED.word().equals(problem.problem().code()) ? "refused.ended" : "refused";
            default -> null;
        };
        return key == null ? Future.failedFuture(failure) : refused(key, form);
    }

    /** What was sent with a form when it was this one and the page is to show it again; empty otherwise. */
    default Map<String, String> sent(String form) {
        Map<String, String> sent = switch (this) {
            case Refused refused -> refused.form();
            case Asked asked -> asked.form();
            case None none -> Map.of();
            case Done done -> Map.of();
        };
        return form.equals(sent.get(FORM)) ? sent : Map.of();
    }

    /** Why a field of a form was refused: this sentence, if it was that. */
    default Optional<String> wrong(String form, String key) {
        return this instanceof Refused refused
                        && refused.key().equals(key)
                        && !sent(form).isEmpty()
                ? Optional.of(key)
                : Optional.empty();
    }
}
