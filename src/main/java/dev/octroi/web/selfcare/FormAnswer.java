package dev.octroi.web.selfcare;

import static java.util.Objects.requireNonNull;

import dev.octroi.policy.Rule;
import java.util.Map;
import java.util.Optional;

/** What became of a form of the page. */
sealed interface FormAnswer {
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
    }

    /** What was sent with a form that was refused; empty otherwise. */
    default Map<String, String> sent() {
        return this instanceof Refused refused ? refused.form() : Map.of();
    }
}
