package dev.octroi.access;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The scopes of access tokens, {@code resource:action}. */
public final class Scopes {
    /** What a reseller's or admin's client can be given. */
    public static final Set<String> GRANTABLE = Set.of(
            "plans:read",
            "plans:write",
            "orders:read",
            "orders:write",
            "profiles:read",
            "profiles:write",
            "subscriptions:read",
            "subscriptions:write",
            "usage:read",
            "usage:write",
            "policies:read",
            "policies:write",
            "policies:approve",
            "webhooks:read",
            "webhooks:write",
            "events:read",
            "cases:read",
            "cases:write",
            "audit:read",
            "privacy:read",
            "privacy:write",
            "clients:write",
            "partners:write",
            "tenants:write");

    /** What a traveller may do with the one subscription that a link names; never given to a client. */
    public static final Set<String> SELF_CARE = Set.of("usage:self", "rules:self");

    private static final Pattern FORM = Pattern.compile("[a-z]{1,32}:[a-z]{1,32}( [a-z]{1,32}:[a-z]{1,32}){0,63}");

    private Scopes() {}

    /** Reads the scope string of RFC 6749 §3.3: names separated by single spaces. Empty when it has another form. */
    public static Optional<Set<String>> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(Set.of(distinct(text))) : Optional.empty();
    }

    /** The scope string of a set, sorted. */
    public static String format(Collection<String> scopes) {
        return String.join(" ", new TreeSet<>(scopes));
    }

    private static String[] distinct(String text) {
        return new TreeSet<>(java.util.Arrays.asList(text.split(" ", -1))).toArray(String[]::new);
    }
}
