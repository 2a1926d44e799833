package dev.octroi.rsp.type;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.profile.ProfileTemplate;

/**
 * One version of a type of profiles: how their packages are made and what holds for them. Immutable.
 *
 * @param id of the type, 0 for the one that is made here
 * @param version from 1, 0 for the one that is made here
 * @param name as orders name it
 * @param terms what holds for its profiles
 * @param template the package without subscriber
 */
public record ProfileType(long id, int version, String name, TypeTerms terms, ProfileTemplate template) {
    public ProfileType {
        requireNonNull(name, "name is null");
        requireNonNull(terms, "terms is null");
        requireNonNull(template, "template is null");
    }

    /** About what a profile takes on a card, in bytes. */
    public int packageBytes() {
        return template.unprotectedBytes();
    }
}
