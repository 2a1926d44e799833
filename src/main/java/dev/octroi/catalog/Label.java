package dev.octroi.catalog;

import dev.octroi.secret.Sha256;
import java.util.HexFormat;
import java.util.Map;

/**
 * The tariff label of a plan version: every fact of the tariff, typed, in the spirit of the contract summary of
 * Directive (EU) 2018/1972 art. 102. Its hash proves what was shown when it was sold.
 *
 * @param facts what {@link LabelFacts} makes: maps, lists, texts, whole numbers and truth values only
 * @param hash SHA-256 of the facts' canonical JSON (RFC 8785), as {@code sha256:} and 64 hexadecimal digits
 */
public record Label(Map<String, Object> facts, String hash) {
    private static final String PREFIX = "sha256:";

    public Label {
        facts = Map.copyOf(facts);
    }

    /** The label of a plan version. */
    public static Label of(long planId, int version, PlanOffer offer) {
        return ofFacts(LabelFacts.of(planId, version, offer));
    }

    /** A label from its facts, hashed anew. */
    public static Label ofFacts(Map<String, Object> facts) {
        return new Label(facts, PREFIX + HexFormat.of().formatHex(Sha256.of(CanonicalJson.write(facts))));
    }

    /** The canonical JSON that the hash covers. */
    public String canonicalJson() {
        return CanonicalJson.write(facts);
    }

    /** The hash as 32 bytes. */
    public byte[] hashBytes() {
        return HexFormat.of().parseHex(hash.substring(PREFIX.length()));
    }

    /** The text form of 32 bytes of hash. */
    public static String hashText(byte[] hash) {
        return PREFIX + HexFormat.of().formatHex(hash);
    }
}
