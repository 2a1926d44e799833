package dev.octroi.rsp.type;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.profile.ProfileTemplate;
import dev.octroi.secret.Sha256;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.HexFormat;

/**
 * A type as it is shown: without its package.
 *
 * @param id its identifier
 * @param name as orders name it, unique in the tenant
 * @param version the newest
 * @param retired whether nothing may be imported or ordered any more
 * @param terms of the newest version
 * @param facts about its package
 * @param createdAt when the first version came
 * @param updatedAt when the newest came or the type was retired
 */
public record StoredType(
        long id,
        String name,
        int version,
        boolean retired,
        TypeTerms terms,
        Facts facts,
        Instant createdAt,
        Instant updatedAt) {

    /**
     * What may be known of a package.
     *
     * @param formatVersion of the interoperable format, such as 2.3
     * @param profileType free text of the header
     * @param elements number of profile elements
     * @param bytes length of the package
     * @param sha256 of the package, hexadecimal
     * @param keyBytes length of K
     * @param opcBytes length of OPc, 0 when the algorithm has none
     * @param imsiDigits digits that an IMSI must have, 0 for any number
     */
    public record Facts(
            String formatVersion,
            String profileType,
            int elements,
            int bytes,
            String sha256,
            int keyBytes,
            int opcBytes,
            int imsiDigits) {
        static Facts of(ProfileTemplate template) {
            return new Facts(
                    template.facts().majorVersion() + "." + template.facts().minorVersion(),
                    template.profileType(),
                    template.elementCount(),
                    template.unprotectedBytes(),
                    HexFormat.of().formatHex(Sha256.of(template.unprotected())),
                    template.keyBytes(),
                    template.opcBytes(),
                    template.imsiDigits());
        }

        static Facts read(JsonObject json) {
            return new Facts(
                    json.getString("formatVersion"),
                    json.getString("profileType"),
                    json.getInteger("elements"),
                    json.getInteger("bytes"),
                    json.getString("sha256"),
                    json.getInteger("keyBytes"),
                    json.getInteger("opcBytes"),
                    json.getInteger("imsiDigits"));
        }

        /** On the wire and in the database. */
        public JsonObject write() {
            return new JsonObject()
                    .put("formatVersion", formatVersion)
                    .put("profileType", profileType)
                    .put("elements", elements)
                    .put("bytes", bytes)
                    .put("sha256", sha256)
                    .put("keyBytes", keyBytes)
                    .put("opcBytes", opcBytes)
                    .put("imsiDigits", imsiDigits);
        }
    }

    public StoredType {
        requireNonNull(name, "name is null");
        requireNonNull(terms, "terms is null");
        requireNonNull(facts, "facts is null");
        requireNonNull(createdAt, "createdAt is null");
        requireNonNull(updatedAt, "updatedAt is null");
    }
}
