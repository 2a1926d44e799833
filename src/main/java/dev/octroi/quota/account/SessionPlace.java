package dev.octroi.quota.account;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Where a session's bytes are used.
 *
 * @param plmn visited network {@code MCC-MNC}
 * @param country ISO 3166-1 alpha-2 code of it, or {@code ZZ}
 * @param area {@code MCC-MNC-TAC} or {@code MCC-MNC-TAC-CELL} where it is known
 */
public record SessionPlace(
        String plmn, String country, @Nullable String area) {
    public SessionPlace {
        requireNonNull(plmn, "plmn is null");
        requireNonNull(country, "country is null");
    }
}
