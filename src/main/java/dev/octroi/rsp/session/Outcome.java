package dev.octroi.rsp.session;

import static java.util.Objects.requireNonNull;

import java.util.function.Function;

/**
 * What a step gave: a value, or the status to answer with.
 *
 * @param <T> the value
 */
public sealed interface Outcome<T> {

    /** The step succeeded. */
    record Done<T>(T value) implements Outcome<T> {
        public Done {
            requireNonNull(value, "value is null");
        }
    }

    /** The step was refused. */
    record Failed<T>(GsmaStatus status) implements Outcome<T> {
        public Failed {
            requireNonNull(status, "status is null");
        }
    }

    /** The step succeeded. */
    static <T> Outcome<T> done(T value) {
        return new Done<>(value);
    }

    /** The step was refused. */
    static <T> Outcome<T> failed(GsmaStatus status) {
        return new Failed<>(status);
    }

    /** The next step, when this one succeeded. */
    default <R> Outcome<R> then(Function<? super T, Outcome<R>> next) {
        if (this instanceof Done<T> done) {
            return next.apply(done.value());
        }
        return failed(((Failed<T>) this).status());
    }
}
