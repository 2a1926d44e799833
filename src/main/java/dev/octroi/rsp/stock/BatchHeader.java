package dev.octroi.rsp.stock;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The first line of a batch: which column stands where. Columns may come in any order and case.
 *
 * @param columns in the order of the file
 */
record BatchHeader(List<Column> columns) {
    /** What a batch may say of a subscriber. */
    enum Column {
        ICCID,
        IMSI,
        K,
        OPC,
        SERVICEPROVIDERNAME,
        PROFILENAME,
        MATCHINGID,
        CONFIRMATIONCODE,
        EID,
        PUK,
        ADM
    }

    private static final Map<String, Column> BY_NAME = Stream.of(Column.values())
            .collect(Collectors.toMap(column -> column.name().toLowerCase(Locale.ROOT), Function.identity()));
    private static final Set<Column> REQUIRED = Set.of(Column.ICCID, Column.IMSI, Column.K);

    BatchHeader {
        columns = List.copyOf(columns);
    }

    /** Why the header cannot be used; empty when it can. */
    record Refusal(String sentence) {}

    static Optional<Refusal> refusal(List<String> names) {
        Set<Column> seen = new HashSet<>();
        for (String name : names) {
            Column column = column(name);
            if (column == null) {
                return Optional.of(new Refusal("The header has a column that no batch has."));
            }
            if (!seen.add(column)) {
                return Optional.of(new Refusal("The header names a column twice."));
            }
        }
        return seen.containsAll(REQUIRED)
                ? Optional.empty()
                : Optional.of(new Refusal("The header needs the columns iccid, imsi and k."));
    }

    static BatchHeader of(List<String> names) {
        List<Column> columns = new ArrayList<>();
        for (String name : names) {
            columns.add(requireNonNull(column(name)));
        }
        return new BatchHeader(columns);
    }

    private static @Nullable Column column(String name) {
        return BY_NAME.get(
                name.strip().toLowerCase(Locale.ROOT).replace("_", "").replace("-", ""));
    }
}
