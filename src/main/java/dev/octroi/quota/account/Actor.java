package dev.octroi.quota.account;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who caused a change, as the audit keeps it.
 *
 * @param kind what sort of party
 * @param name partner, client, agent or job; never an identifier of a subscriber or device
 * @param tokenId identifier ({@code jti}) of the token used, when there was one
 */
public record Actor(Kind kind, String name, @Nullable String tokenId) {
    private static final String CLOCK = "clock";

    public Actor {
        requireNonNull(kind, "kind is null");
        requireNonNull(name, "name is null");
    }

    /** As tables and events write it, for example {@code support:cli_…}; the token is left out. */
    public String written() {
        return kind.word() + ":" + name;
    }

    /** The actor that {@link #written} wrote; empty where it is none. */
    public static Optional<Actor> read(String written) {
        String[] parts = written.split(":", 2);
        return Stream.of(Kind.values())
                .filter(kind -> parts.length == 2 && parts[0].equals(kind.word()))
                .map(kind -> new Actor(kind, parts[1], null))
                .findFirst();
    }

    /** The gateway itself. */
    public static Actor system(String job) {
        return new Actor(Kind.SYSTEM, job, null);
    }

    /** Time that passes. */
    public static Actor clock() {
        return system(CLOCK);
    }

    /** Whether nobody did anything: time passed. */
    public boolean isClock() {
        return kind == Kind.SYSTEM && name.equals(CLOCK);
    }

    /** A network element that reports. */
    public static Actor network(String partner) {
        return new Actor(Kind.NETWORK, partner, null);
    }

    /** What sort of party acts. */
    public enum Kind {
        NETWORK,
        DEVICE,
        TRAVELLER,
        RESELLER,
        SUPPORT,
        ADMIN,
        SYSTEM;

        /** The stable word of audit and APIs. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
