package dev.octroi.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads plain values out of JSON and keeps every fault, so that the owner learns all of them at once. */
final class FaultList {
    private static final int MAX_FAULTS = 50;
    private static final int MAX_NAMES = 20;

    private final List<RuleJson.Fault> faults = new ArrayList<>();

    List<RuleJson.Fault> faults() {
        return faults;
    }

    void add(String at, String detail) {
        if (faults.size() < MAX_FAULTS) {
            faults.add(new RuleJson.Fault(at, detail));
        }
    }

    /** What a constructor makes; null, and a fault, when it refuses. */
    <T> @Nullable T made(String at, Supplier<T> maker) {
        try {
            return maker.get();
        } catch (IllegalArgumentException e) {
            add(at, String.valueOf(e.getMessage()));
            return null;
        }
    }

    boolean members(String at, JsonNode node, Set<String> allowed) {
        if (!node.isObject()) {
            add(at, "an object");
            return false;
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            if (!allowed.contains(names.next())) {
                String known = String.join(", ", allowed.stream().sorted().toList());
                add(at, "no member other than " + known);
                return false;
            }
        }
        return true;
    }

    @Nullable
    String text(String at, JsonNode node) {
        if (node.isTextual()) {
            return node.textValue();
        }
        add(at, "text");
        return null;
    }

    /** A whole number; -1, and a fault, when it is none. */
    long number(String at, JsonNode node) {
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return node.longValue();
        }
        add(at, "a whole number");
        return -1;
    }

    Set<String> names(String at, JsonNode node) {
        Set<String> names = new HashSet<>();
        if (node.isMissingNode()) {
            return names;
        }
        if (!node.isArray() || node.size() > MAX_NAMES) {
            add(at, "an array of at most 20 names");
            return names;
        }
        for (int i = 0; i < node.size(); i++) {
            String name = text(at + "/" + i, node.get(i));
            if (name != null) {
                names.add(name);
            }
        }
        return names;
    }

    <E extends Enum<E>> @Nullable E word(String at, JsonNode node, Class<E> type) {
        String word = node.textValue();
        List<String> known = new ArrayList<>();
        for (E each : type.getEnumConstants()) {
            String name = each.name().toLowerCase(Locale.ROOT);
            if (name.equals(word)) {
                return each;
            }
            known.add(name);
        }
        add(at, "one of " + String.join(", ", known));
        return null;
    }
}
