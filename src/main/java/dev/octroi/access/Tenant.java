package dev.octroi.access;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A reseller.
 *
 * @param id its number, from 1
 * @param slug short name, unique
 * @param name for people
 * @param createdAt since when
 * @param disabled whether its clients get no tokens any more
 */
public record Tenant(int id, String slug, String name, Instant createdAt, boolean disabled) {
    public Tenant {
        requireNonNull(slug, "slug is null");
        requireNonNull(name, "name is null");
        requireNonNull(createdAt, "createdAt is null");
    }
}
