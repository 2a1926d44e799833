package dev.octroi.secret;

import java.util.Objects;
import java.util.function.Function;

/**
 * A value that must not appear in logs, metrics, problem details or exceptions, such as an ICCID, an EID or an
 * activation code. It prints as {@code ***}; the only way to the value is {@link #reveal()}, which is easy to search for.
 *
 * @param <T> the type of the hidden value
 */
public final class Sensitive<T> {
    private final T value;

    private Sensitive(T value) {
        this.value = Objects.requireNonNull(value, "value");
    }

    /** Hides a value. */
    public static <T> Sensitive<T> of(T value) {
        return new Sensitive<>(value);
    }

    /** The value in clear: for sealing, hashing and the wire, never for a message. */
    public T reveal() {
        return value;
    }

    /** Applies a function to the hidden value; the result stays hidden. */
    public <R> Sensitive<R> map(Function<? super T, ? extends R> function) {
        return new Sensitive<>(function.apply(value));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sensitive<?> that && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
