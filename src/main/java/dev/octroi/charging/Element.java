package dev.octroi.charging;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.octroi.usage.UtcTime;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An information element of a message with its place in it, so that a refusal can name it (3GPP TS 29.500 §5.2.7.2).
 * Elements that are not known are passed over: later releases add some.
 *
 * @param node the element; a missing node where it is absent
 * @param parent what it stands in; null for the message
 * @param name of the member, or its number in an array
 * @param isMandatory whether a message without it is refused
 */
record Element(JsonNode node, @Nullable Element parent, String name, boolean isMandatory) {
    private static final int MAX_DEPTH = 32;
    private static final int MAX_TEXT = 4_096;
    private static final int MAX_NAME = 128;
    private static final int MAX_DIGITS = 32;
    private static final Pattern HTTPS = Pattern.compile("https://[\\x21-\\x7E]{1,2000}");
    private static final long MIN_EPOCH_SECOND = 946_684_800L;
    private static final long MAX_EPOCH_SECOND = 4_102_444_800L;
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(MAX_TEXT)
                            .maxNameLength(MAX_NAME)
                            .maxNumberLength(MAX_DIGITS)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Reads a body; throws the refusal of one that is no JSON object. */
    static Element of(byte[] body) {
        JsonNode node;
        try {
            node = JSON.readTree(body);
        } catch (IOException e) {
            throw NfProblem.malformed("The body is not well-formed JSON.").refuse();
        }
        if (node == null || !node.isObject()) {
            throw NfProblem.malformed("The body is not a JSON object.").refuse();
        }
        return new Element(node, null, "", true);
    }

    /** Its JSON pointer: put together only where a refusal names it. */
    String pointer() {
        return parent == null ? "" : parent.pointer() + "/" + name;
    }

    /** A member; absent when it is not there or null. */
    Element at(String name) {
        return member(name, false);
    }

    /** A member, refused where it is not there or null. */
    Element needs(String name) {
        Element member = member(name, true);
        if (!member.isThere()) {
            throw new NfProblem(
                            400,
                            "MANDATORY_IE_MISSING",
                            "A mandatory information element is missing.",
                            Optional.of(member.pointer()))
                    .refuse();
        }
        return member;
    }

    private Element member(String name, boolean isMandatory) {
        JsonNode member = node.path(name);
        return new Element(member.isNull() ? MissingNode.getInstance() : member, this, name, isMandatory);
    }

    boolean isThere() {
        return !node.isMissingNode();
    }

    /** The members of an array, at most so many; an absent array has none. */
    List<Element> each(int most) {
        if (!isThere()) {
            return List.of();
        }
        if (!node.isArray()) {
            throw incorrect("is not an array");
        }
        if (node.size() > most) {
            throw incorrect("has more than " + most + " members");
        }
        List<Element> all = new ArrayList<>(node.size());
        for (int i = 0; i < node.size(); i++) {
            all.add(new Element(node.get(i), this, Integer.toString(i), false));
        }
        return all;
    }

    /** The same element, refused where it is there and no object. */
    Element object() {
        if (isThere() && !node.isObject()) {
            throw incorrect("is not an object");
        }
        return this;
    }

    Optional<String> text(Pattern form) {
        if (!isThere()) {
            return Optional.empty();
        }
        String text = node.textValue();
        if (text == null || !form.matcher(text).matches()) {
            throw incorrect("is not of its form");
        }
        return Optional.of(text);
    }

    boolean flag() {
        if (isThere() && !node.isBoolean()) {
            throw incorrect("is not a boolean");
        }
        return node.booleanValue();
    }

    /** A whole number within bounds. */
    OptionalLong number(long least, long most) {
        if (!isThere()) {
            return OptionalLong.empty();
        }
        if (!node.isIntegralNumber()) {
            throw incorrect("is not a whole number");
        }
        if (node.canConvertToLong()) {
            long number = node.longValue();
            if (number >= least && number <= most) {
                return OptionalLong.of(number);
            }
        }
        throw incorrect("is out of its range");
    }

    /** A moment with an offset (RFC 3339) of this century. */
    Optional<Instant> moment() {
        if (!isThere()) {
            return Optional.empty();
        }
        String text = node.textValue();
        try {
            if (text != null) {
                Instant at = instant(text);
                if (at.getEpochSecond() > MIN_EPOCH_SECOND && at.getEpochSecond() < MAX_EPOCH_SECOND) {
                    return Optional.of(at);
                }
            }
        } catch (DateTimeException e) {
            // Falls through to the refusal.
        }
        throw incorrect("is not a time with an offset");
    }

    private static Instant instant(String text) {
        long millis = UtcTime.millis(text);
        return millis == UtcTime.OTHER_FORM
                ? OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MILLIS)
                : Instant.ofEpochMilli(millis);
    }

    /** An address of a callback: https, without characters that an address has to write otherwise (RFC 3986). */
    Optional<String> callback() {
        Optional<String> address = text(HTTPS);
        if (address.isPresent()) {
            try {
                new URI(address.get());
            } catch (URISyntaxException e) {
                throw incorrect("is not an address");
            }
        }
        return address;
    }

    NfProblem.RefusedException incorrect(String reason) {
        return new NfProblem(
                        400,
                        isMandatory ? "MANDATORY_IE_INCORRECT" : "OPTIONAL_IE_INCORRECT",
                        "An information element " + reason + ".",
                        Optional.of(pointer()))
                .refuse();
    }
}
