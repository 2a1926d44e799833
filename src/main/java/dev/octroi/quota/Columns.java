package dev.octroi.quota;

import dev.octroi.quota.account.AccountKey;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Turns rows into the arrays that a set-based statement unnests. They are filled row by row: what a row is made of is looked at
 * while it is near.
 */
final class Columns<R> {
    private final List<R> rows;
    private final Tuple tuple = Tuple.tuple();
    private final List<Column<R>> columns = new ArrayList<>();

    /** Takes its element of each row. */
    private interface Column<R> {
        void fill(int place, R row);
    }

    /** The first three columns are shard, tenant and account. */
    Columns(List<R> rows, Function<R, AccountKey> key) {
        this(rows);
        column(Short[]::new, row -> key.apply(row).vshard());
        column(Integer[]::new, row -> key.apply(row).tenantId());
        column(Long[]::new, row -> key.apply(row).accountId());
    }

    private Columns(List<R> rows) {
        this.rows = rows;
    }

    /** Columns of which only those named are there. */
    static <R> Columns<R> of(List<R> rows) {
        return new Columns<>(rows);
    }

    Columns<R> longs(Function<R, Long> value) {
        return column(Long[]::new, value);
    }

    Columns<R> ints(Function<R, @Nullable Integer> value) {
        return column(Integer[]::new, value);
    }

    Columns<R> texts(Function<R, @Nullable String> value) {
        return column(String[]::new, value);
    }

    Columns<R> flags(Function<R, Boolean> value) {
        return column(Boolean[]::new, value);
    }

    Columns<R> times(Function<R, @Nullable Instant> value) {
        return column(OffsetDateTime[]::new, new Times<>(value));
    }

    <T> Columns<R> column(IntFunction<T[]> array, Function<R, ? extends @Nullable T> value) {
        T[] column = array.apply(rows.size());
        columns.add((place, row) -> column[place] = value.apply(row));
        tuple.addValue(column);
        return this;
    }

    /** One array for each column, in their order. */
    Tuple tuple() {
        for (int place = 0; place < rows.size(); place++) {
            R row = rows.get(place);
            for (Column<R> each : columns) {
                each.fill(place, row);
            }
        }
        return tuple;
    }

    /** Hours and days begin at the same moment for most rows. */
    private static final class Times<R> implements Function<R, @Nullable OffsetDateTime> {
        private final Function<R, @Nullable Instant> value;
        private @Nullable Instant last;
        private @Nullable OffsetDateTime written;

        Times(Function<R, @Nullable Instant> value) {
            this.value = value;
        }

        @Override
        public @Nullable OffsetDateTime apply(R row) {
            Instant moment = value.apply(row);
            if (!Objects.equals(moment, last)) {
                last = moment;
                written = TimeRows.write(moment);
            }
            return written;
        }
    }
}
