package dev.octroi.usage;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Who stands behind a feed that has no certificate, as a file of settings says it.
 *
 * @param name of the feed, part of each record's identity, so it must not change
 * @param tenantId the tenant that it serves; 0 for all
 * @param imsiPrefixes beginnings of the IMSIs that it may report; empty: all, and ICCIDs too
 */
public record FeedTerms(String name, int tenantId, List<String> imsiPrefixes) {
    private static final Set<String> MEMBERS = Set.of("name", "tenant", "imsiPrefixes");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,40}");
    private static final Pattern PREFIX = Pattern.compile("[0-9]{1,15}");
    private static final int MAX_PREFIXES = 1_000;

    public FeedTerms {
        imsiPrefixes = List.copyOf(imsiPrefixes);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a feed's name has 1 to 40 of A-Z a-z 0-9 . _ -");
        }
        if (tenantId < 0) {
            throw new IllegalArgumentException("a tenant's number is 0 or more");
        }
        if (imsiPrefixes.size() > MAX_PREFIXES
                || !imsiPrefixes.stream()
                        .allMatch(prefix -> PREFIX.matcher(prefix).matches())) {
            throw new IllegalArgumentException("imsiPrefixes are at most 1,000, each of 1 to 15 digits");
        }
    }

    /**
     * Reads the terms of one feed.
     *
     * @param more members that the kind of feed has beside these
     * @throws IOException when a member is unknown or not of its form; the message says which
     */
    public static FeedTerms read(JsonNode node, Set<String> more) throws IOException {
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            if (!MEMBERS.contains(member.getKey()) && !more.contains(member.getKey())) {
                throw new IOException("a feed has no member \"" + member.getKey() + "\"");
            }
        }
        checkForms(node);
        List<String> prefixes = new ArrayList<>();
        node.path("imsiPrefixes").forEach(prefix -> prefixes.add(prefix.asText()));
        try {
            return new FeedTerms(node.path("name").asText(), node.path("tenant").asInt(0), prefixes);
        } catch (IllegalArgumentException e) {
            throw new IOException("a feed: " + e.getMessage(), e);
        }
    }

    /**
     * What bounds a feed must be of its form: a number or list that is misspelt would else bound nothing.
     *
     * @throws IOException when the tenant is no whole number, or imsiPrefixes is no list of texts
     */
    public static void checkForms(JsonNode node) throws IOException {
        if (node.has("tenant") && !node.get("tenant").isInt()) {
            throw new IOException("a feed's tenant is a whole number");
        }
        JsonNode prefixes = node.path("imsiPrefixes");
        if (!prefixes.isMissingNode() && (!prefixes.isArray() || prefixes.isEmpty())) {
            throw new IOException("a feed's imsiPrefixes is a list with at least one entry");
        }
        for (JsonNode prefix : prefixes) {
            if (!prefix.isTextual()) {
                throw new IOException("a feed's imsiPrefixes are texts, in quotes");
            }
        }
    }

    /** As a feed. */
    public Feed feed() {
        return new Feed(
                name,
                imsi -> imsiPrefixes.isEmpty() || imsiPrefixes.stream().anyMatch(imsi::startsWith),
                imsiPrefixes.isEmpty(),
                tenantId);
    }
}
